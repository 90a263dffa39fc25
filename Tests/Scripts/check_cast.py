"""Shows a cast in pyte, another terminal, and compares the screen it ends on with a frame.

    pip install pyte
    dropscope play FILE.script --cast x.cast -o x.ans
    python3 Tests/Scripts/check_cast.py x.cast x.ans

Every character and every colour must be the same; the script is one in true colour, as frames are. Exits 1
and tells the first difference if not.
"""

import json
import sys

import pyte


def replay(path):
    with open(path, encoding="utf-8") as file:
        header = json.loads(file.readline())
        assert header["version"] == 2, header
        screen = pyte.Screen(header["width"], header["height"])
        stream = pyte.Stream(screen)
        last, events = 0.0, 0
        for line in file:
            time, kind, data = json.loads(line)
            assert time >= last, (time, last)
            last, events = time, events + 1
            if kind == "o":
                stream.feed(data)
            else:
                assert kind == "r", kind
                columns, rows = map(int, data.split("x"))
                screen.resize(rows, columns)
    return screen, events


def show(path, columns, rows):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    screen = pyte.Screen(columns, rows)
    # The rows end in line feeds; the last would scroll.
    pyte.Stream(screen).feed(text.removesuffix("\n").replace("\n", "\r\n"))
    return screen


def main():
    cast, events = replay(sys.argv[1])
    frame = show(sys.argv[2], cast.columns, cast.lines)
    for y in range(cast.lines):
        for x in range(cast.columns):
            if cast.buffer[y][x] != frame.buffer[y][x]:
                sys.exit(f"row {y}, column {x}: {cast.buffer[y][x]} != {frame.buffer[y][x]}")
    print(f"{cast.columns}x{cast.lines}, {events} events: the same")


main()
