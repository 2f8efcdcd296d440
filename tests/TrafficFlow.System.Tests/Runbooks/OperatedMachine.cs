using System.Diagnostics;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>
/// A machine on which the package is installed, as far as a runbook touches it: settings and data in a folder of the test, the program in the
/// path, and a stand-in for systemctl that runs a unit's ExecStart and waits until the node answers. The units themselves are tried by
/// ServiceWatchdogTests and deploy/test-package.sh.
/// </summary>
internal sealed class OperatedMachine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-runbook-").FullName;

    public OperatedMachine()
    {
        Directory.CreateDirectory(Backup);
        Install();
        foreach (var (name, text) in new[] { ("trafficflow", Program), ("systemctl", Systemctl) })
        {
            var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, name);
            File.WriteAllText(file, text);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Settings => Path.Combine(_folder, "etc");

    public string Data => Path.Combine(_folder, "data");

    public string Backup => Path.Combine(_folder, "backup");

    private string Units => Path.Combine(_folder, "units");

    /// <summary>The machine is another one now, with the package freshly installed; backups are still at hand.</summary>
    public void BecomeAnotherPc()
    {
        Directory.Move(Settings, $"{Settings}.old-pc");
        Directory.Move(Data, $"{Data}.old-pc");
        Install();
    }

    /// <summary>Carries out one block of commands as root types it; what fails in it fails the test.</summary>
    /// <returns>What the block printed.</returns>
    public async Task<string> RunAsync(string block, params (string Name, string Value)[] more)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", block]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.Environment["PATH"] = $"{_folder}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in new[]
                 {
                     ("CONF", Settings), ("DATA", Data), ("BACKUP", Backup), ("ACCOUNT", Environment.UserName),
                     ("UNIT_FILES", Path.Combine(SharedFiles.Repository, "deploy", "systemd")), ("UNITS", Units), ("PROGRAM", typeof(ExitCodes).Assembly.Location),
                 }.Concat(more))
            start.Environment[name] = value;
        using var bash = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var (output, error) = (bash.StandardOutput.ReadToEndAsync(patience.Token), bash.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await bash.WaitForExitAsync(patience.Token);
            Assert.True(bash.ExitCode == 0, $"{block}\nended with {bash.ExitCode}:\n{await output}\n{await error}\n{NodeLog()}");
            return await output;
        }
        catch (OperationCanceledException)
        {
            bash.Kill(entireProcessTree: true);
            throw new TimeoutException($"within {Patience.TotalMinutes} minutes this did not end: {block}\n{NodeLog()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var file in Directory.Exists(Units) ? Directory.GetFiles(Units, "*.pid") : [])
        {
            if (int.TryParse(await File.ReadAllTextAsync(file), out var id)) await Tools.TryAsync("kill", "-9", $"{id}");
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string NodeLog() => Directory.Exists(Units) ? string.Join('\n', Directory.GetFiles(Units, "*.log").Select(File.ReadAllText)) : "";

    /// <summary>What deploy/package.sh puts into /etc/trafficflow and the unit into /var/lib.</summary>
    private void Install()
    {
        var shipped = Path.Combine(SharedFiles.Repository, "hocon");
        Directory.CreateDirectory(Path.Combine(Settings, "sites"));
        Directory.CreateDirectory(Path.Combine(Settings, "secrets"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(shipped, "*.conf"))
            File.WriteAllLines(
                Path.Combine(Settings, Path.GetFileName(file)),
                File.ReadLines(file).Select(l => l.StartsWith("  data-directory = ", StringComparison.Ordinal) ? $"  data-directory = \"{Data}\"" : l));
        foreach (var file in Directory.GetFiles(Path.Combine(shipped, "sites"), "*.conf")) File.Copy(file, Path.Combine(Settings, "sites", Path.GetFileName(file)));
    }

    private const string Program =
        """
        #!/usr/bin/env bash
        if [[ -x ${PROGRAM%.dll} ]]; then exec "${PROGRAM%.dll}" "$@"; else exec dotnet "$PROGRAM" "$@"; fi

        """;

    private const string Systemctl =
        """
        #!/usr/bin/env bash
        # systemctl enable|disable --now UNIT, start|stop|restart UNIT
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
        *) echo "systemctl $1 is not stood in for" >&2; exit 1 ;;
        esac

        """;
}
