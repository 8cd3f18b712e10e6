#!/bin/bash
# Stanzabus for the performance lab: stanzabus.sh start | stop | pid | port | version | clean
# STANZABUS_HOME is the checkout, built (./stanzabus version builds it).
. "$(dirname "$0")/../env.sh"
STANZABUS_PORT=${STANZABUS_PORT:-21525}
DIR=$LAB_WORK/stanzabus
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
data: $DIR/data
database:
  host: 127.0.0.1
  port: $LAB_PG_PORT
  name: stanzabus
  user: lab
  tls: off
http:
  port: 0
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
CONF
    JAVA_HOME=$LAB_JAVA_HOME setsid nohup "$STANZABUS_HOME/stanzabus" run --config "$DIR/stanzabus.yaml" \
      > "$DIR/out.log" 2>&1 < /dev/null &
    echo $! > "$DIR/pid"
    lab_wait_port "$STANZABUS_PORT" 60 "$DIR/pid" ;;
  stop) lab_stop "$DIR/pid" ;;
  clean) lab_sql stanzabus -c "TRUNCATE log_entry, log_mark" 2>/dev/null ;;
  pid) cat "$DIR/pid" ;;
  port) echo "$STANZABUS_PORT" ;;
  version) echo "Stanzabus $(git -C "$STANZABUS_HOME" describe --always) ($("$LAB_JAVA_HOME/bin/java" --version | head -1))" ;;
esac
