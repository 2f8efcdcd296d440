using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Packaging;

/// <summary>The units of deploy/systemd, judged by systemd's own tools.</summary>
public sealed class UnitTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    /// <summary>With the exposure that systemd may give it, times ten; what is above 2.0 has its reason in the unit.</summary>
    public static TheoryData<string, int> Units => new()
    {
        { "trafficflow-server", 20 },
        { "trafficflow-roadside", 22 },
        { "trafficflow-single", 22 },
    };

    [Theory]
    [MemberData(nameof(Units))]
    public async Task Systemd_understands_every_line_and_finds_little_that_it_could_reach(string unit, int exposure)
    {
        var installed = File.Exists("/usr/bin/systemd-analyze");
        Assert.SkipUnless(installed, "there is no systemd-analyze here: install Debian's package systemd");
        // As it is installed: with the program that this test runs.
        var file = _folder.Write($"{unit}.service", (await TextAsync(unit)).Replace("/usr/lib/trafficflow/trafficflow", TrafficflowProcess.Command().FileName, StringComparison.Ordinal));

        var (code, output, error) = await Tools.TryAsync("systemd-analyze", "verify", "--man=no", file);
        Assert.True(code == 0 && (output + error).Trim().Length == 0, output + error);
        var security = await Tools.TryAsync("systemd-analyze", "security", "--offline=yes", "--no-pager", $"--threshold={exposure}", file);
        Assert.True(security.Code == 0, security.Output + security.Error);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public async Task A_node_is_restarted_when_it_ends_or_hangs_and_dumps_no_memory(string unit, int exposure)
    {
        var lines = (await TextAsync(unit)).Split('\n');
        foreach (var line in new[]
        {
            "Type=notify", "Restart=always", "RestartPreventExitStatus=2", "WatchdogSignal=SIGKILL", "LimitCORE=0", "UMask=0077", "User=trafficflow", "StateDirectoryMode=0700",
            "LoadCredential=secrets:/etc/trafficflow/secrets",
        }) Assert.Contains(line, lines);
        Assert.Contains(lines, l => l.StartsWith("After=", StringComparison.Ordinal) && l.Contains("time-sync.target", StringComparison.Ordinal) && l.Contains("network-online.target", StringComparison.Ordinal));
        // What is rated above 2.0 names its price.
        Assert.Equal(exposure > 20, lines.Any(l => l.StartsWith('#') && l.Contains("(0.8", StringComparison.Ordinal)));
    }

    public void Dispose() => _folder.Dispose();

    private static Task<string> TextAsync(string unit) => File.ReadAllTextAsync(Path.Combine(SharedFiles.Repository, "deploy", "systemd", $"{unit}.service"));
}
