using System.Diagnostics;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>
/// A machine on which the package is installed, as far as a runbook touches it: settings and data in a folder of the test, the program in the
/// path, and a stand-in for systemctl that runs a unit's ExecStart and waits until the node answers. One account is operator and node: who may read which file
/// is tried by deploy/test-package.sh, the units themselves by it and ServiceWatchdogTests.
/// </summary>
internal sealed class OperatedMachine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-runbook-").FullName;

    private readonly string _machines;
    private readonly NodeClock? _clock;

    /// <param name="host">Its address, by which other machines know it; null for one that has no peers.</param>
    /// <param name="machines">A folder that holds a link to each machine of the test; null where there is no other.</param>
    /// <param name="hasClock">A clock of its own, that can be wrong, instead of this machine's.</param>
    /// <exception cref="LabUnavailableException">It cannot have a clock here.</exception>
    public OperatedMachine(string? host = null, string? machines = null, bool hasClock = false)
    {
        _machines = machines ?? _folder;
        Host = host ?? "";
        if (hasClock) _clock = new NodeClock(_folder);
        if (host is not null) Directory.CreateSymbolicLink(Path.Combine(_machines, host), _folder);
        Directory.CreateSymbolicLink(Path.Combine(_folder, "deploy"), Path.Combine(SharedFiles.Repository, "deploy"));
        Directory.CreateDirectory(Backup);
        Install();
        foreach (var (name, text) in StandIns.All)
        {
            var file = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName, name);
            File.WriteAllText(file, text);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Host { get; }

    public NodeClock Clock => _clock ?? throw new InvalidOperationException("it has this machine's clock");

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
        _clock?.Equip(start);
        start.Environment["PATH"] = $"{_folder}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        foreach (var (name, value) in new[]
                 {
                     ("CONF", Settings), ("DATA", Data), ("BACKUP", Backup), ("ACCOUNT", Environment.UserName),
                     ("UNIT_FILES", Path.Combine(SharedFiles.Repository, "deploy", "systemd")), ("UNITS", Units), ("PROGRAM", typeof(ExitCodes).Assembly.Location),
                     ("MACHINES", _machines), ("CLOCK", Path.Combine(_folder, "clock")),
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

    /// <summary>Repeats a block that looks, as an operator does who waits for something.</summary>
    /// <returns>What it printed at last.</returns>
    public Task<string> UntilAsync(string block, Func<string, bool> holds, string what, params (string Name, string Value)[] more) =>
        UntilAsync(block, o => Task.FromResult(holds(o)), what, more);

    /// <summary>The same, where something else is looked at too.</summary>
    public async Task<string> UntilAsync(string block, Func<string, Task<bool>> holds, string what, params (string Name, string Value)[] more)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            // A node that is just coming up asks to try again, and so it is done.
            var output = await RunAsync($"{{\n{block}\n}} || true", more);
            if (await holds(output)) return output;
            Assert.True(watch.Elapsed < Patience, $"within {Patience.TotalMinutes} minutes it was not seen that {what}: {output}\n{NodeLog()}");
            await Task.Delay(Look);
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

    public string NodeLog() => Directory.Exists(Units) ? string.Join('\n', Directory.GetFiles(Units, "*.log").Select(File.ReadAllText)) : "";

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
                File.ReadLines(file).Select(l => l.StartsWith("  data-directory = ", StringComparison.Ordinal) ? "  data-directory = \"../data\"" : l));
        foreach (var file in Directory.GetFiles(Path.Combine(shipped, "sites"), "*.conf")) File.Copy(file, Path.Combine(Settings, "sites", Path.GetFileName(file)));
    }
}
