using System.Net.Sockets;
using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Demo;

[Collection(ProcessesCollection.Name)]
public sealed class DemoVerbTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_demo_counts_near_the_truth_can_be_watched_and_leaves_nothing_behind()
    {
        var temp = Directory.CreateTempSubdirectory("trafficflow tests ").FullName;
        try
        {
            await using var demo = TrafficflowProcess.StartIn(temp, "demo", "--seconds", "40", "--json");
            string? data = null;
            await demo.UntilAsync(
                () => (data = Directory.GetDirectories(temp, "trafficflow-demo-*").FirstOrDefault()) is not null && Answers(Path.Combine(data, "ctl.sock")), Patience, "the demo's socket answers");
            await SeesPageAsync(demo);
            Assert.Single(ListeningPorts.Of(demo.Id));
            await using var watch = TrafficflowProcess.Start("watch", "flow.demo.north.live", "--messages", "2", "--json", "--data", data!);

            await using var journeys = TrafficflowProcess.Start("watch", "journeys.demo", "--messages", "2", "--json", "--data", data!);

            var ended = await demo.WaitAsync(Patience);
            var watched = await watch.WaitAsync(Patience);

            Assert.SkipWhen(ended.Code == ExitCodes.Failed && ended.Error.Contains("since the machine is too slow"), ended.Error);
            Assert.True(ended.Code == ExitCodes.Done, ended.Error);
            Assert.Empty(Directory.GetFileSystemEntries(temp, "trafficflow-demo-*"));
            Assert.True(watched.Code == ExitCodes.Done, watched.Error);
            var summary = JsonDocument.Parse(ended.Output).RootElement;
            var cameras = summary.GetProperty("cameras").EnumerateArray().ToList();
            Assert.Equal(
                ["cam-east", "cam-north", "cam-south", "cam-west", "junction-demo"], cameras.Select(c => c.GetProperty("camera").GetString()));
            var seen = cameras.Min(c => c.GetProperty("observed_seconds").GetDouble());
            var (counted, real) = (summary.GetProperty("counted").GetInt32(), summary.GetProperty("true").GetInt32());
            Assert.SkipWhen(seen < 10 || real < 8, $"this machine is too busy for a demo of 40 s: {seen:0} s were watched and {real} vehicles entered");
            Assert.InRange(counted, 0.5 * real, 1.5 * real);
            var bins = watched.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
            Assert.NotEmpty(bins);
            Assert.All(bins, b => Assert.Equal(("demo", "north"), (b.GetProperty("site").GetString(), b.GetProperty("approach").GetString())));

            var told = await journeys.WaitAsync(Patience);
            Assert.True(told.Code == ExitCodes.Done, told.Error);
            var ways = told.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
            Assert.NotEmpty(ways);
            Assert.All(ways, w =>
            {
                Assert.Equal("demo", w.GetProperty("site").GetString());
                Assert.True(w.GetProperty("approach").GetString() is not null || w.GetProperty("exit").GetString() is not null);
                Assert.InRange(w.GetProperty("delay_seconds").GetDouble(), 0, 60);
                Assert.Equal(16, w.GetProperty("calibration").GetString()!.Length);
            });
        }
        finally
        {
            Directory.Delete(temp, recursive: true);
        }
    }

    [Fact]
    public async Task A_demo_that_is_ended_before_its_first_picture_fails_with_the_reason()
    {
        var temp = Directory.CreateTempSubdirectory("trafficflow tests ").FullName;
        try
        {
            await using var demo = TrafficflowProcess.StartIn(temp, "demo");
            await demo.UntilAsync(() => Directory.GetDirectories(temp, "trafficflow-demo-*").Length > 0, Patience, "the demo has its folder");
            demo.Interrupt();
            var ended = await demo.WaitAsync(Patience);

            Assert.SkipWhen(ended.Code == ExitCodes.Done, "the signal came after the first picture");
            Assert.Equal(ExitCodes.Failed, ended.Code);
            Assert.Contains("TrafficFlow demo", ended.Output);
            Assert.Contains("ended too soon", ended.Error);
            Assert.DoesNotContain("Logger", ended.Error);
            Assert.DoesNotContain("   at ", ended.Error);
        }
        finally
        {
            Directory.Delete(temp, recursive: true);
        }
    }

    /// <summary>The address that it prints lets a browser in, to the plan of its junction.</summary>
    private static async Task SeesPageAsync(TrafficflowProcess demo)
    {
        const string Told = "in a browser: ";
        await demo.SayAsync(Told, Patience);
        var link = demo.Error.Split('\n').First(l => l.Contains(Told, StringComparison.Ordinal)).Split(Told)[1];
        using var browser = new HttpClient();
        var page = await browser.GetStringAsync(link, TestContext.Current.CancellationToken);
        Assert.Contains("デモ交差点", page);
        Assert.Contains("<svg class=\"plan\"", page);
    }

    private static bool Answers(string socket)
    {
        try
        {
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            client.Connect(new UnixDomainSocketEndPoint(socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
