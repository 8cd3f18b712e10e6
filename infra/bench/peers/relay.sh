#!/bin/bash
# The raw relay for the performance lab: relay.sh start | stop | pid | port | version | clean
# It knows PLAIN alone: LAB_AUTH=plain.
. "$(dirname "$0")/../env.sh"
RELAY_PORT=${RELAY_PORT:-21526}
DIR=$LAB_WORK/relay
case $1 in
  start)
    lab_free_port "$RELAY_PORT"
    lab_cert
    mkdir -p "$DIR"
    JAVA_HOME=$LAB_JAVA_HOME "$STANZABUS_HOME/infra/bench/relay" --port "$RELAY_PORT" \
      --certificate "$LAB_WORK/cert.pem" --key "$LAB_WORK/key.pem" > "$DIR/log" 2>&1 < /dev/null &
    echo $! > "$DIR/pid"
    lab_wait_port "$RELAY_PORT" 60 "$DIR/pid" ;;
  stop) lab_stop "$DIR/pid" ;;
  clean) ;;
  pid) cat "$DIR/pid" ;;
  port) echo "$RELAY_PORT" ;;
  version) echo "the raw relay of $(git -C "$STANZABUS_HOME" describe --always)" ;;
esac
