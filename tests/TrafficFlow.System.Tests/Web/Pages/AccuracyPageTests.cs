using System.Text;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Pages.Accuracy;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

public sealed class AccuracyPageTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task What_score_has_written_is_shown()
    {
        var json = await ScoreAsync();

        var report = ScoreReport.Parse("yesterday", DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(json));

        Assert.NotNull(report);
        Assert.Equal((3, 3, 1, 1), (report.Total.True, report.Total.Counted, report.Total.Missed, report.Total.Extra));
        Assert.Equal((0.6667, 0.6667), (report.Total.Precision, report.Total.Recall));
        Assert.Equal("crossings.csv", Assert.Single(report.Clips).Name);
        Assert.NotNull(report.Segments);
        Assert.NotEmpty(report.ByClass);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"total\":{\"true\":\"x\"},\"pairs\":[]}")]
    [InlineData("{\"total\":{\"true\":1,\"counted\":1,\"missed\":0,\"extra\":0},\"pairs\":3}")]
    public void What_is_no_score_is_none(string json) => Assert.Null(ScoreReport.Parse("a", DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(json)));

    [Fact]
    public async Task The_page_shows_reports_of_its_site_and_says_how_to_make_one()
    {
        var scores = new ScoreFolder(_folder.Path);
        Directory.CreateDirectory(scores.Of(new SiteId("demo")));
        await using var host = await WebHost.StartAsync(with: ports => ports with { Scores = scores });
        Assert.Contains("There is no report of this site yet", await PageAsync(host));

        await File.WriteAllTextAsync(Path.Combine(scores.Of(new SiteId("demo")), "morning.json"), await ScoreAsync(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(scores.Of(new SiteId("demo")), "noise.json"), "no json", TestContext.Current.CancellationToken);
        // A link would let whoever may write here read what the node may.
        File.CreateSymbolicLink(Path.Combine(scores.Of(new SiteId("demo")), "link.json"), "/etc/passwd");
        var page = await PageAsync(host);

        Assert.Contains("morning", page);
        Assert.Contains("trafficflow mark clip.mp4", page);
        Assert.DoesNotContain("link", page[page.IndexOf("<main", StringComparison.Ordinal)..page.IndexOf("trafficflow mark", StringComparison.Ordinal)]);
        Assert.Equal([("morning", true), ("noise", false)], scores.Names(new SiteId("demo")).Select(n => (n, scores.Read(new SiteId("demo"), n) is not null)).Order());
        Assert.Empty(scores.Names(new SiteId("elsewhere")));
        Assert.Equal("morning", scores.Newest(new SiteId("demo"))?.Name);
    }

    [Fact]
    public async Task A_report_is_read_once_for_as_long_as_its_file_is_as_it_was_and_nothing_outside()
    {
        var (scores, site) = (new ScoreFolder(_folder.Path), new SiteId("demo"));
        Directory.CreateDirectory(scores.Of(site));
        var file = Path.Combine(scores.Of(site), "morning.json");
        await File.WriteAllTextAsync(file, await ScoreAsync(), TestContext.Current.CancellationToken);

        var first = scores.Read(site, "morning");
        Assert.NotNull(first);
        Assert.Same(first, scores.Read(site, "morning"));
        File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file).AddSeconds(1));
        Assert.NotSame(first, scores.Read(site, "morning"));
        Assert.NotNull(scores.Read(site, "morning"));

        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "outside.json"), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.Null(scores.Read(site, "../outside"));
        File.CreateSymbolicLink(Path.Combine(scores.Of(site), "link.json"), file);
        Assert.Null(scores.Read(site, "link"));
    }

    [Fact]
    public async Task The_page_opens_the_shown_report_alone()
    {
        var (scores, site) = (new ScoreFolder(_folder.Path), new SiteId("demo"));
        Directory.CreateDirectory(scores.Of(site));
        foreach (var name in new[] { "old", "new" }) await File.WriteAllTextAsync(Path.Combine(scores.Of(site), $"{name}.json"), await ScoreAsync(), TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(Path.Combine(scores.Of(site), "old.json"), new DateTime(2026, 1, 1));
        await using var host = await WebHost.StartAsync(with: ports => ports with { Scores = scores });

        Assert.Contains(">old</button>", await PageAsync(host));

        Assert.Equal(["new"], scores.Kept);
    }

    /// <summary>Of the real verb.</summary>
    private async Task<string> ScoreAsync()
    {
        var (truth, counted) = (Path.Combine(_folder.Path, "truth.csv"), Path.Combine(_folder.Path, "crossings.csv"));
        await File.WriteAllTextAsync(truth, "gate,direction,time_s,class,size,optional\ng,forward,1.0,passenger-car,,\ng,forward,5.0,bus,,\ng,forward,9.0,passenger-car,,\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            counted,
            "camera,gate,direction,track,time_s,class,size,colour,speed_kmh,confidence\ncam1,g,forward,1,1.1,passenger-car,small,,,0.9\ncam1,g,forward,2,5.1,bus,large,,,0.9\ncam1,g,forward,3,20.0,passenger-car,small,,,0.9\n",
            TestContext.Current.CancellationToken);
        var result = await Processes.Tools.RunAsync("dotnet", typeof(Node.ExitCodes).Assembly.Location, "score", "--truth", truth, "--counted", counted, "--seconds", "30", "--json");
        return result;
    }

    private static async Task<string> PageAsync(WebHost host)
    {
        using var answer = await host.SendAsync("GET", "/sites/demo/accuracy", Role.Analyst);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Dispose();
}
