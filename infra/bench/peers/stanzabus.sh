#!/bin/bash
# Stanzabus for the performance lab: stanzabus.sh start | stop | pid | hosts | port | version | clean
# STANZABUS_HOME is the checkout, built (./stanzabus version builds it). MAM=0|1. PROCESSES=1: all services in one
# process. PROCESSES=GxSxR: so many gateways, at 127.0.0.1 and the addresses behind it, session managers, and processes
# with the rest; 3 is 1x1x1. hosts: the addresses of all gateways, with commas between.
. "$(dirname "$0")/../env.sh"
STANZABUS_PORT=${STANZABUS_PORT:-21525}
PROCESSES=${PROCESSES:-1}
[ "$PROCESSES" != 3 ] || PROCESSES=1x1x1
[[ $PROCESSES =~ ^(1|[1-9]x[1-9]x[1-9])$ ]] || { echo "PROCESSES must be 1, 3 or like 2x2x1: $PROCESSES" >&2; exit 2; }
DIR=$LAB_WORK/stanzabus

# One process with its own data folder: run NAME CLUSTER-PORT SERVICE...
run() {
  local name=$1 bus=$2
  shift 2
  STANZABUS_DATA=$DIR/data-$name STANZABUS_CLUSTER_PORT=$bus exec \
    "$STANZABUS_HOME/stanzabus" run --config "$DIR/stanzabus.yaml" "$@" > "$DIR/$name.log" 2>&1 < /dev/null
}

# What the lab measures and stops: the one process, or a parent of them all.
run_all() {
  [ "$PROCESSES" != 1 ] || run all 0
  trap 'kill $(jobs -p) 2>/dev/null; wait' TERM
  local i gateways sessions rest
  IFS=x read -r gateways sessions rest <<< "$PROCESSES"
  for ((i = 1; i <= rest; i++)); do
    run "services$i" $((25700 + i)) auth-service roster-service offline-service profile-service &
  done
  for ((i = 1; i <= sessions; i++)); do
    run "sessions$i" $((25710 + i)) session-service &
  done
  for ((i = 1; i <= gateways; i++)); do
    STANZABUS_C2S_GATEWAY_HOST=127.0.0.$i run "gateway$i" $((25720 + i)) c2s-gateway &
  done
  wait
}

# Where the gateways listen: 127.0.0.1 and the addresses behind it.
addresses() {
  local i
  for ((i = 1; i <= ${PROCESSES%%x*}; i++)); do echo "127.0.0.$i"; done
}

# Until the other gateways listen too.
await_gateways() {
  local address i
  for address in $(addresses); do
    for ((i = 0; i < 300; i++)); do
      (exec 3<>"/dev/tcp/$address/$STANZABUS_PORT") 2>/dev/null && continue 2
      sleep 0.2
    done
    echo "nothing listens on $address, port $STANZABUS_PORT" >&2
    return 1
  done
}

case $1 in
  start)
    lab_free_port "$STANZABUS_PORT"
    lab_cert
    mkdir -p "$DIR/certificates"
    cp "$LAB_WORK/cert.pem" "$DIR/certificates/$LAB_DOMAIN.crt"
    cp "$LAB_WORK/key.pem" "$DIR/certificates/$LAB_DOMAIN.key"
    lab_sql postgres -c "CREATE DATABASE stanzabus" 2>/dev/null
    cat > "$DIR/stanzabus.yaml" <<CONF
hosts:
  - domain: $LAB_DOMAIN
    registration: true
    archive: $([ "$MAM" = 1 ] && echo true || echo false)
data: $DIR/data
database:
  host: 127.0.0.1
  port: $LAB_PG_PORT
  name: stanzabus
  user: lab
  tls: off
http:
  port: 0
$([ "$PROCESSES" = 1 ] || cat <<CLUSTER
cluster:
  join: seeds
  seeds: ["127.0.0.1:25701", "127.0.0.1:25711", "127.0.0.1:25721"]
CLUSTER
)
log:
  level: warn
auth-service:
  registration: {per-address: 1000000}
  throttle: {per-address: 1000000}
c2s-gateway:
  host: 127.0.0.1
  port: $STANZABUS_PORT
  starttls: optional
  certificates: $DIR/certificates
  direct-tls: {enabled: false}
  limits: {connections-per-address: 0}
s2s-gateway:
  host: 127.0.0.1
  port: 0
  direct-tls: {enabled: false}
CONF
    export JAVA_HOME=$LAB_JAVA_HOME
    run_all > /dev/null 2>&1 < /dev/null &
    echo $! > "$DIR/pid"
    lab_wait_port "$STANZABUS_PORT" 60 "$DIR/pid" && await_gateways ;;
  stop) lab_stop "$DIR/pid" ;;
  clean) lab_sql stanzabus -c "TRUNCATE message_log, log_standing" 2>/dev/null ;;
  pid) cat "$DIR/pid" ;;
  hosts) addresses | paste -sd, ;;
  port) echo "$STANZABUS_PORT" ;;
  version) echo "Stanzabus $(git -C "$STANZABUS_HOME" describe --always) ($("$LAB_JAVA_HOME/bin/java" --version | head -1))" ;;
esac
