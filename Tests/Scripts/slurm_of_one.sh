#!/usr/bin/env bash
# Runs a command beside a Slurm of this machine alone, whose daemons end with it.
#
#   Tests/Scripts/slurm_of_one.sh FOLDER COMMAND…
#
# All that Slurm keeps lies in FOLDER. Takes root and Debian's slurm-wlm and munge; ends with 77 where its
# daemons do not start.
set -euo pipefail
folder=$(realpath -m "$1")
shift
name=$(hostname -s)
port=$((20000 + $$ % 10000))
export SLURM_CONF=$folder/slurm.conf

# Who may talk to the daemons: those that have this cluster's key.
mkdir -p "$folder/spool" "$folder/state"
install -d -o munge -g munge -m 755 "$folder/munge"
dd if=/dev/urandom of="$folder/munge/key" bs=64 count=2 status=none
chown munge:munge "$folder/munge/key" && chmod 400 "$folder/munge/key"
daemons=()
end() {
  for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do kill "${daemons[i]}" 2>/dev/null || true; done
  wait
}
trap end EXIT
setpriv --reuid munge --regid munge --clear-groups munged --foreground --force \
  --key-file "$folder/munge/key" --socket "$folder/munge/socket" \
  --pid-file "$folder/munge/pid" --seed-file "$folder/munge/seed" \
  >"$folder/munge/log" 2>&1 &
daemons+=($!)

# No cgroups and no accounting, and decisions at once; what is requeued waits until its credential expires. The node has as many processors as there are.
cat >"$SLURM_CONF" <<CONF
ClusterName=alone
SlurmctldHost=$name(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthInfo=socket=$folder/munge/socket,cred_expire=5
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/controller.pid
SlurmdPidFile=$folder/node.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=bf_interval=1,batch_sched_delay=0
ReturnToService=2
KillWait=5
NodeName=$name NodeAddr=127.0.0.1 CPUs=$(nproc)
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
slurmctld -D -c >"$folder/controller.log" 2>&1 &
daemons+=($!)
slurmd -D -c -N "$name" >"$folder/node.log" 2>&1 &
daemons+=($!)

for _ in $(seq 300); do
  if [ "$(sinfo -h -o %T 2>/dev/null)" = idle ]; then
    "$@"
    exit
  fi
  sleep .1
done
echo "slurm_of_one.sh: the node is not idle:" >&2
tail -n 5 "$folder"/*.log >&2
exit 77
