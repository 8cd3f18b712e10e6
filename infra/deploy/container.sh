#!/bin/sh
# The command 'stanzabus' of the image. What the JVM takes is set by the container's memory limit: 45 % heap, 20 % for the
# buffers of connections outside of it, the rest for classes, compiled code and threads.
#
#   STANZABUS_JAVA_OPTS  further options for the JVM; they come last and so win
set -eu

if [ "${1:-run}" = run ]; then
    memory='-XX:MaxRAMPercentage=45'
    # The limit of control groups, version 2 or 1; without one the JVM's own default is as good.
    for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
        if [ -r "$file" ] && limit=$(cat "$file") && [ "$limit" != max ]; then
            memory="$memory -XX:MaxDirectMemorySize=$((limit / 5))"
        fi
    done
else
    # Beside the process that runs in the same container it must be small.
    memory='-Xmx48m -XX:TieredStopAtLevel=1'
fi
# Jars that were added, such as processors: those of the folder 'plugins' in the working folder follow the server's own.
path=''
for jar in "$PWD"/plugins/*.jar; do
    if [ -f "$jar" ]; then
        path="${path:-$(sed -n 's/^-cp //p' /opt/stanzabus/java.args)}:$jar"
    fi
done
# shellcheck disable=SC2086
exec java @/opt/stanzabus/java.args ${path:+-cp "$path"} $memory -XX:AOTCache=/opt/stanzabus/cache/stanzabus.aot -Xlog:aot=off -Xlog:cds=off \
    ${STANZABUS_JAVA_OPTS:-} im.stanzabus.server.Main "$@"
