using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.Vault.Disks;
using Xunit;

namespace TrafficFlow.SystemTests.Custody;

/// <summary>The program itself, with what a site file requires and what this machine has.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class CustodyStartTests
{
    private const string Least = "operator { name = Council, telephone = \"1\" }, purposes = [ \"to count\" ]";

    [Fact]
    public async Task A_node_that_may_not_start_says_why_and_a_check_says_the_same()
    {
        using var node = new NodeFolder(WithCustody("require-encrypted-link = refuse").Replace("synthetic:north", "rtsp://viewer:s3cret@192.0.2.1/live", StringComparison.Ordinal));
        await using var process = node.Run();

        var ended = await process.WaitAsync(TimeSpan.FromSeconds(60));
        var check = await TrafficflowProcess.RunAsync("run", "--check", "--json", "--config", node.Config);

        Assert.Equal(ExitCodes.Failed, ended.Code);
        Assert.Contains("this node may not start like that: link of cam1: rtsp://192.0.2.1 (192.0.2.1): in the clear, and the site file names no network; take https://", ended.Error);
        Assert.Single(ended.Error.Trim().Split('\n'));
        Assert.DoesNotContain("s3cret", ended.Error + check.Output);
        Assert.Equal("BAD", Checks(check.Output)["link of cam1"].State);
        Assert.False(File.Exists(node.Outbox));
    }

    [Theory]
    [InlineData("picture-limits { plate-characters = 12, above = refuse }", "synthetic:north", "picture of cam1: ")]
    [InlineData("require-encrypted-link = refuse", "rtsp://192.0.2.1/live", "link of cam1: rtsp://192.0.2.1 (192.0.2.1): in the clear")]
    public async Task A_file_that_refuses_a_start_is_not_put_in_force_by_a_reload(string custody, string source, string told)
    {
        using var node = new NodeFolder(WithCustody("require-encrypted-disk = off"));
        await using var process = node.Run();
        await process.SayAsync("Commands: trafficflow ctl --data", TimeSpan.FromMinutes(2));
        await File.WriteAllTextAsync(node.SiteFile, WithCustody(custody).Replace("synthetic:north", source, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var reload = await TrafficflowProcess.RunAsync("ctl", "--data", node.Data, "site", "reload");

        Assert.NotEqual(ExitCodes.Done, reload.Code);
        Assert.Contains($"nothing was changed, this node may not run like that: {told}", reload.Error + reload.Output, StringComparison.Ordinal);
        process.Terminate();
        Assert.Equal(ExitCodes.Done, (await process.WaitAsync(TimeSpan.FromSeconds(60))).Code);
    }

    [Fact]
    public async Task The_disk_is_told_by_a_check_and_by_doctor()
    {
        using var node = new NodeFolder(WithCustody("require-encrypted-disk = warn"));
        var verdict = new DiskSurvey().Look(node.Data);
        var zip = Path.Combine(node.Path, "doctor.zip");

        var check = await TrafficflowProcess.RunAsync("run", "--check", "--json", "--config", node.Config);
        var doctor = await TrafficflowProcess.RunAsync("doctor", "--config", node.Config, "--out", zip);

        var told = Checks(check.Output)["disk encryption"];
        Assert.Equal(verdict.Problem is null ? "ok" : "look", told.State);
        Assert.Contains(verdict.FoundFrom[^1], told.Text);
        Assert.True(doctor.Code == ExitCodes.Done, doctor.Error);
        using var files = System.IO.Compression.ZipFile.OpenRead(zip);
        using var reader = new StreamReader(files.GetEntry("custody.txt")!.Open());
        Assert.StartsWith("live: disk encryption: required: warn, ", await reader.ReadToEndAsync());
    }

    private static Dictionary<string, (string State, string Text)> Checks(string json) => JsonDocument.Parse(json).RootElement.GetProperty("checks").EnumerateArray()
        .ToDictionary(c => c.GetProperty("what").GetString()!, c => (c.GetProperty("state").GetString()!, c.GetProperty("text").GetString()!));

    private static string WithCustody(string custody) => NodeFolder.Live.Replace("  approaches {", $"  custody {{ {Least}, {custody} }}\n  approaches {{", StringComparison.Ordinal);
}
