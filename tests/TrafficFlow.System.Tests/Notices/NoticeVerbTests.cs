using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using Xunit;

namespace TrafficFlow.SystemTests.Notices;

/// <summary>`trafficflow notice` as a process, and what a check of the node says of it.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class NoticeVerbTests
{
    private const string Custody = "custody { operator { name { ja = 協議会, en = Council }, telephone = \"044-000-0000\" }, purposes = [ { ja = 計測, en = \"to count\" } ] }";

    [Fact]
    public async Task A_draft_is_written_and_overwrites_nothing()
    {
        using var node = new NodeFolder(With(Custody));

        var first = await RunAsync("--site", node.SiteFile, "--kind", "sign", "--language", "ja", "--format", "html", "--out", node.Path);
        var second = await RunAsync("--site", node.SiteFile, "--kind", "sign,guideline", "--language", "ja", "--format", "html", "--out", node.Path);

        Assert.True(first.Code == ExitCodes.Done, first.Error);
        var sign = await File.ReadAllTextAsync(Path.Combine(node.Path, "live-sign.ja.html"), TestContext.Current.CancellationToken);
        Assert.Contains("交通流計測カメラ作動中", sign);
        Assert.Contains("案（未公表）", sign);
        Assert.Equal(ExitCodes.Failed, second.Code);
        Assert.Contains("live-sign.ja.html cannot be written", second.Error);
        Assert.Equal(sign, await File.ReadAllTextAsync(Path.Combine(node.Path, "live-sign.ja.html"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_was_published_is_kept_and_what_has_changed_since_is_told_by_list_and_check()
    {
        using var node = new NodeFolder(With(Custody));

        Assert.Equal("look", await NoticeStateAsync(node, "no notice of this site was published"));
        var published = await RunAsync("publish", "--site", node.SiteFile, "--config", node.Config, "--format", "html", "--custodian", "鋼管 太郎");
        Assert.True(published.Code == ExitCodes.Done, published.Error);
        Assert.Contains("Version 1 of live is published: ", published.Output);
        Assert.Equal("ok", await NoticeStateAsync(node, "tells what is in force"));

        await File.WriteAllTextAsync(node.SiteFile, With(Custody.Replace("to count", "to see", StringComparison.Ordinal)).Replace("width = 320, height = 180", "width = 640, height = 360", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var list = await RunAsync("list", "--site", node.SiteFile, "--config", node.Config);
        Assert.Equal(ExitCodes.Failed, list.Code);
        Assert.Contains("version 1, ", list.Output);
        Assert.Contains("4 files as published", list.Output);
        Assert.Contains("purposes, resolution changed since version 1 of ", list.Output);
        Assert.Equal("look", await NoticeStateAsync(node, "purposes, resolution changed since version 1"));

        var again = await RunAsync("publish", "--site", node.SiteFile, "--data", node.Data, "--format", "html");
        Assert.True(again.Code == ExitCodes.Done, again.Error);
        Assert.Contains("鋼管 太郎", await File.ReadAllTextAsync(Path.Combine(node.Data, "notices", "live", "v2", "live-guideline-v2.en.html"), TestContext.Current.CancellationToken));
        Assert.Equal("ok", await NoticeStateAsync(node, "version 2"));
    }

    [Fact]
    public async Task Persons_of_the_register_stand_in_it_and_its_publication_in_the_audit()
    {
        using var node = new NodeFolder(With(Custody));
        foreach (var (name, duty) in new[] { ("管理 花子", "custodian"), ("操作 太郎", "operator") })
            Assert.Equal(ExitCodes.Done, (await TrafficflowProcess.RunAsync("custody", "person", "appoint", name, "--duty", duty, "--config", node.Config)).Code);

        Assert.Contains("the register of persons tells who is appointed", (await RunAsync("publish", "--site", node.SiteFile, "--config", node.Config, "--format", "html", "--custodian", "鋼管 太郎")).Error);
        var published = await RunAsync("publish", "--site", node.SiteFile, "--config", node.Config, "--format", "html");

        Assert.True(published.Code == ExitCodes.Done, published.Error);
        var guideline = await File.ReadAllTextAsync(Path.Combine(node.Data, "notices", "live", "v1", "live-guideline-v1.ja.html"), TestContext.Current.CancellationToken);
        Assert.Contains("管理 花子", guideline);
        Assert.Contains("操作 太郎", guideline);
        Assert.Equal("ok", await NoticeStateAsync(node, "tells what is in force"));
        Assert.Contains("notice publish", (await TrafficflowProcess.RunAsync("audit", "show", "--data", node.Data)).Output);
        Assert.Equal(ExitCodes.Done, (await TrafficflowProcess.RunAsync("custody", "person", "appoint", "産業 次郎", "--duty", "operator", "--config", node.Config)).Code);
        Assert.Equal("look", await NoticeStateAsync(node, "persons changed since version 1"));
    }

    [Theory]
    [InlineData("--kind poster", "--kind poster: expected sign, guideline or sign,guideline")]
    [InlineData("--language fr", "--language fr: expected ja, en or ja,en")]
    [InlineData("--format doc", "--format doc: expected html, pdf or html,pdf")]
    [InlineData("--out /nowhere/at/all", "--out /nowhere/at/all is no folder that is there: make it first")]
    public async Task What_cannot_be_is_told(string words, string told)
    {
        using var node = new NodeFolder(With(Custody));

        var ended = await RunAsync(["--site", node.SiteFile, .. words.Split(' ')]);

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains(told, ended.Error);
    }

    [Fact]
    public async Task A_site_file_without_custody_is_told_where_to_read_of_it()
    {
        using var node = new NodeFolder(NodeFolder.Live);

        var ended = await RunAsync("--site", node.SiteFile);

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains("says nothing of custody: add the section custody", ended.Error);
    }

    private static Task<Ended> RunAsync(params string[] words) => TrafficflowProcess.RunAsync(["notice", .. words]);

    private static async Task<string> NoticeStateAsync(NodeFolder node, string told)
    {
        var check = await TrafficflowProcess.RunAsync("run", "--check", "--json", "--config", node.Config);
        var notice = JsonDocument.Parse(check.Output).RootElement.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("what").GetString() == "notice");
        Assert.Contains(told, notice.GetProperty("text").GetString());
        return notice.GetProperty("state").GetString()!;
    }

    private static string With(string custody) => NodeFolder.Live.Replace("  approaches {", $"  {custody}\n  approaches {{", StringComparison.Ordinal);
}
