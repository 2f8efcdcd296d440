namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>What a test must not do to this machine: units of systemd, packages, its clock, other machines. Scripts that stand before the real programs in the path.</summary>
internal static class StandIns
{
    public static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["trafficflow"] = Program,
        ["systemctl"] = Systemctl,
        ["scp"] = Scp,
        ["apt"] = Apt,
        ["timedatectl"] = Timedatectl,
    };

    private const string Program =
        """
        #!/usr/bin/env bash
        # What `apt install` put here last, else the program that is tested.
        if [[ -e $UNITS/installed ]]; then PROGRAM=$(cat "$UNITS/installed"); fi
        if [[ -x ${PROGRAM%.dll} ]]; then exec "${PROGRAM%.dll}" "$@"; else exec dotnet "$PROGRAM" "$@"; fi

        """;

    private const string Systemctl =
        """
        #!/usr/bin/env bash
        # systemctl enable|disable --now UNIT, start|stop|restart|try-restart UNIT
        set -euo pipefail
        unit=${!#}
        mkdir -p "$UNITS"
        pid=$UNITS/$unit.pid
        start() {
          local command credentials
          # A folder of credentials that is not there ends a unit before it begins.
          credentials=$(sed -n 's#^LoadCredential=[^:]*:##p' "$UNIT_FILES/$unit.service" | sed "s#/etc/trafficflow#$CONF#")
          [[ -e $credentials ]] || { echo "$unit: there is no $credentials" >&2; exit 243; }
          command=$(sed -n 's#^ExecStart=/usr/lib/trafficflow/##p' "$UNIT_FILES/$unit.service" | sed "s#/etc/trafficflow#$CONF#g")
          # shellcheck disable=SC2086
          setsid $command >>"$UNITS/$unit.log" 2>&1 </dev/null &
          echo $! >"$pid"
          until trafficflow ctl --config "${command##* }" cluster show >/dev/null 2>&1; do
            kill -0 "$(cat "$pid")" || { echo "$unit did not start" >&2; exit 1; }
            sleep 0.5
          done
        }
        stop() {
          kill "$(cat "$pid")"
          while kill -0 "$(cat "$pid")" 2>/dev/null; do sleep 0.2; done
          rm "$pid"
        }
        case $1 in
        enable | start) start ;;
        disable | stop) stop ;;
        restart) stop; start ;;
        try-restart) if [[ -e $pid ]]; then stop; start; fi ;;
        *) echo "systemctl $1 is not stood in for" >&2; exit 1 ;;
        esac

        """;

    private const string Scp =
        """
        #!/usr/bin/env bash
        # scp [-r] FILE... TO; ACCOUNT@HOST:FILE lies on another machine of the test, whose /etc is elsewhere.
        set -euo pipefail
        words=()
        for word in "$@"; do
          case $word in
          *@*:*)
            host=${word%%:*} file=${word#*:}
            machine=$MACHINES/${host#*@}
            [[ -e $machine ]] || { echo "scp: there is no ${host#*@}" >&2; exit 255; }
            words+=("${file/#${CONF%/etc}/$machine}")
            ;;
          *) words+=("$word") ;;
          esac
        done
        exec cp "${words[@]}"

        """;

    private const string Apt =
        """
        #!/usr/bin/env bash
        # apt install FILE: here a folder with the program. What deploy/debian/postinst does: a unit that runs is started again.
        set -euo pipefail
        [[ $1 == install && -d $2 ]] || { echo "apt $* is not stood in for" >&2; exit 100; }
        mkdir -p "$UNITS"
        echo "$2/trafficflow.dll" >"$UNITS/installed"
        for unit in trafficflow-roadside trafficflow-server trafficflow-single; do systemctl try-restart $unit; done

        """;

    private const string Timedatectl =
        """
        #!/usr/bin/env bash
        # The clock of the machine is the file of libfaketime; a time server says by how much it is off.
        set -euo pipefail
        case ${1:-status} in
        status) echo "Universal time: $(date -u +'%F %T')"; if grep -qx '+0' "$CLOCK"; then echo "System clock synchronized: yes"; else echo "System clock synchronized: no"; fi ;;
        set-ntp) echo '+0' >"$CLOCK.next"; mv "$CLOCK.next" "$CLOCK" ;;
        *) echo "timedatectl $1 is not stood in for" >&2; exit 1 ;;
        esac

        """;
}
