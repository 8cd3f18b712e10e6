# Programs of this module, for the scripts beside this one. $home is the project.
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${JAVA_HOME:?set JAVA_HOME to a JDK 25}"
lib=$home/infra/bench/target/lib

# As the sources are now.
build() {
  (cd "$home" && mvn -B -q -T 1C package -pl infra/bench -am -Dmaven.test.skip=true -Dspotless.check.skip=true) >&2
}

# As it was built before, if it was.
built() {
  [ -d "$lib" ] || build
}

# Options of the JVM, class, arguments.
run() {
  exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp "$lib/*" "$@"
}
