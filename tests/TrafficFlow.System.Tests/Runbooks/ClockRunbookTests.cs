using System.Globalization;
using System.Text.RegularExpressions;
using TrafficFlow.SystemTests.Faults;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Rtsp;
using TrafficFlow.SystemTests.Support;
using Xunit;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>The runbook of a wrong clock: a roadside with a live camera and a server, each with a clock of its own.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class ClockRunbookTests(Clips clips) : IClassFixture<Clips>
{
    private const string Section = "The clock was wrong";
    private const string Site = "live";
    private static readonly TimeSpan ThreeHours = TimeSpan.FromHours(3);
    private static readonly TimeSpan Japan = TimeSpan.FromHours(9);

    [Fact]
    [Trait("Run", "Long")]
    public async Task What_a_wrong_clock_stamped_is_found_and_counted_in_its_hour_once_the_clock_is_right()
    {
        await using var camera = await RtspServer.StartAsync(Street());
        await using var cluster = await OperatedCluster.CreateAsync();
        var site = SiteOf(camera);
        var server = await LabSkips.OrSkipAsync(cluster.AddAsync("server1", "server", site, hasClock: true));
        var roadside = await cluster.AddAsync("roadside1", "roadside", site, hasClock: true);
        var began = TimeProvider.System.GetUtcNow();
        roadside.Clock.Set(-ThreeHours);
        await server.RunAsync("systemctl start trafficflow-server");
        await roadside.RunAsync("systemctl start trafficflow-roadside");

        // The roadside's clock: what it stamps waits, and its node is named.
        var found = await UntilAsync(server, "server", o => Held(o) > 0 && IsBehind(o, roadside), "a vehicle waits, and the clock is named");
        Assert.Matches(@"live/north/cam1/.* \+03:00:\d\d ", found);
        Assert.Equal(0, await TotalAsync(server));
        await CorrectAsync(roadside);
        await UntilAsync(server, "server-after", o => !o.Contains("behind this server's", StringComparison.Ordinal), "the clock is right again");
        await roadside.UntilAsync("trafficflow ctl --config $CONF/roadside.conf outbox show", o => Regex.IsMatch(o, @"cam1 +\S+ +0 "), "what was under way has come");
        var right = await RunAsync(server, "server-after");
        var held = Held(right);
        Assert.True(held > 0, right);
        var before = await TotalAsync(server);
        Assert.Matches(@"counted, moved by \+03:00:\d\d", await RunAsync(server, "decide"));
        right = await RunAsync(server, "server-after");
        Assert.True(right.Contains("nothing waits", StringComparison.Ordinal), right);
        Assert.True(await TotalAsync(server) >= before + held, "not all that waited is counted");

        // The server's clock: what it held back for that counts by itself.
        server.Clock.Set(ThreeHours);
        await UntilAsync(server, "server", o => o.Contains("live/north/cam1/", StringComparison.Ordinal) && IsBehind(o, roadside), "entries wait for the server's clock, and all nodes seem behind");
        await CorrectAsync(server);
        await UntilAsync(server, "server-after", o => o.Contains("nothing waits", StringComparison.Ordinal), "what a wrong server held back counts by itself");

        await roadside.RunAsync("systemctl stop trafficflow-roadside");
        var total = await TotalAsync(server);
        Assert.Equal(total, await CountedAsync(server, began));
        Assert.True(total >= before + held);
    }

    /// <summary>Every five seconds something passes from left to right.</summary>
    private string Street() => clips.Repeated("street.mp4", clips.Make(
        "passing.mp4",
        ["-f", "lavfi", "-i", "color=c=gray:s=320x180:r=10:d=20", "-f", "lavfi", "-i", "color=c=white:s=50x30:r=10:d=20",
            "-filter_complex", @"overlay=x='mod(t*80\,400)-60':y=80", .. Clips.H264(10)]), 60);

    private static (string Id, string Text) SiteOf(RtspServer camera) => (Site, $$"""
        trafficflow.site {
          id = {{Site}}, name = Live, time-zone = "Asia/Tokyo"
          approaches { north {} }
          cameras {
            cam1 {
              source = "{{camera.Url()}}"
              frame { width = 320, height = 180, fps = 5 }
              detector = motion
              gates { in { from = [0.5, 0.9], to = [0.5, 0.2], forward = { enters = north } } }
            }
          }
        }
        """);

    private static async Task CorrectAsync(OperatedMachine machine)
    {
        var blocks = Runbook.Blocks(Section, "clock");
        Assert.Contains("synchronized: no", await machine.RunAsync(blocks[0]));
        await machine.RunAsync(blocks[1]);
        Assert.Contains("synchronized: yes", await machine.RunAsync(blocks[0]));
    }

    /// <summary>Vehicles of the hours in which the test has run, by the clock that was right; those by the wrong ones have none.</summary>
    private static async Task<int> CountedAsync(OperatedMachine server, DateTimeOffset began)
    {
        var block = Assert.Single(Runbook.Blocks(Section, "hour"));
        var counted = 0;
        for (var hour = Hour(began); hour <= Hour(TimeProvider.System.GetUtcNow()); hour += TimeSpan.FromHours(1))
        {
            counted += Entering(await server.RunAsync($"{block} || true", ("SITE", Site), ("TIME", Text(hour))));
            foreach (var off in new[] { -ThreeHours, ThreeHours })
                Assert.Contains("is not there", await server.RunAsync($"! {{ {block}; }} 2>&1", ("SITE", Site), ("TIME", Text(hour + off))));
        }

        return counted;
    }

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset Hour(DateTimeOffset time) => new DateTimeOffset(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero).ToOffset(Japan);

    private static async Task<int> TotalAsync(OperatedMachine server) =>
        Regex.Matches(await server.RunAsync("trafficflow ctl --config $CONF/server.conf approach show live/north"), @"(?m)^ *entering +\S+ +(\d+)")
            .Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));

    private static int Entering(string bin) =>
        Regex.Match(bin, @"vehicles entering +(\d+)") is { Success: true } row ? int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private static bool IsBehind(string output, OperatedMachine node) =>
        Regex.IsMatch(output, $@"{Regex.Escape(node.Host)}:4053 .* doubtful .*its clock is 0[23]:\d\d:\d\d behind this server's");

    /// <summary>Vehicles of the north approach that wait.</summary>
    private static int Held(string output) =>
        Regex.Matches(output, @"live/north/cam1/\d+ +(\d+) ").Sum(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));

    private static Task<string> RunAsync(OperatedMachine server, string where, params (string, string)[] names) =>
        server.RunAsync(Assert.Single(Runbook.Blocks(Section, where)), [("SITE", Site), .. names]);

    private static Task<string> UntilAsync(OperatedMachine server, string where, Func<string, bool> holds, string what) =>
        server.UntilAsync(Assert.Single(Runbook.Blocks(Section, where)), holds, what, ("SITE", Site));
}
