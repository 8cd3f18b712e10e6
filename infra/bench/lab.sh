# The performance lab with the servers of this folder added, for the scripts beside this one (sourced).
STANZABUS_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
LAB=${LAB:-$STANZABUS_HOME/../shared/lab}
[ -f "$LAB/compare.py" ] || { echo "no performance lab at $LAB; set LAB" >&2; exit 2; }
export STANZABUS_HOME LAB_WORK=${LAB_WORK:-${TMPDIR:-/tmp}/xmpp-lab}
export LAB_JAVA_HOME=${LAB_JAVA_HOME:-${JAVA_HOME:?set JAVA_HOME to a JDK 25}}
mkdir -p "$LAB_WORK"
merged=$LAB_WORK/lab
rm -rf "$merged"
cp -r "$LAB" "$merged"
chmod -R u+w "$merged"
cp "$STANZABUS_HOME"/infra/bench/peers/*.sh "$merged/peers/"
unset LAB
"$STANZABUS_HOME/stanzabus" version > /dev/null
"$merged/peers/pg.sh" start
