using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node;
using TrafficFlow.Node.Analyse;
using TrafficFlow.Node.Settings;

using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>`trafficflow analyse` on recorded trajectories, and what it refuses.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class AnalyseVerbTests : IDisposable
{
    /// <summary>A site whose camera is a map: 100 m in each direction, north upwards; vehicles come from the west and the south and go east.</summary>
    private const string MapSite = """
        trafficflow.site {
          id = map, name = "map", time-zone = "Europe/Berlin"
          approaches { west { name = "west" }, east { name = "east" }, south { name = "south" } }
          cameras {
            map {
              source = "map.mp4"
              frame { width = 1000, height = 1000, fps = 10 }
              gates {
                west-in { from = [0.3, 0.6], to = [0.3, 0.4], forward = { enters = west } }
                south-in { from = [0.4, 0.7], to = [0.6, 0.7], backward = { enters = south } }
                east-out { from = [0.7, 0.6], to = [0.7, 0.4], forward = { exits = east } }
              }
              ground = [
                { image = [0, 0], metres = [0, 100] }, { image = [1, 0], metres = [100, 100] }, { image = [1, 1], metres = [100, 0] }, { image = [0, 1], metres = [0, 0] }
              ]
            }
          }
        }
        """;

    private readonly SettingsFolder _folder = new();

    [Fact]
    public void Trajectories_become_journeys_over_the_gates_that_are_laid_on_the_ground()
    {
        var lines = new List<string> { "TrajID;x;y;Time" };
        // From the west, eastwards at 10 m/s, 2 m right of the gate's middle; it stands from second 2 to 12, its middle 10 m before the gate.
        var x = 0.0;
        for (var i = 0; i <= 400; i++)
        {
            var t = i / 20.0;
            lines.Add(FormattableString.Invariant($"1;{x:0.00};48;{t:0.00}"));
            if (t is < 2 or >= 12) x += 0.5;
        }

        // Somebody on foot, and a vehicle that comes from the south and is last seen on the junction.
        for (var i = 0; i <= 400; i++) lines.Add(FormattableString.Invariant($"2;{20 + (i / 20.0):0.00};50;{i / 20.0:0.00}"));
        for (var i = 0; i <= 80; i++) lines.Add(FormattableString.Invariant($"3;50;{10 + (i / 2.0):0.00};{100 + (i / 20.0):0.00}"));
        var file = _folder.Write("drive_2026-04-01_07-00.csv", string.Join('\n', lines) + "\n");
        var site = SiteSettings.Load(_folder.Write("map.conf", MapSite)).Site;

        var record = TrajectoryRecord.Read([file], site, null, TestContext.Current.CancellationToken);

        Assert.Equal(new DateTimeOffset(2026, 4, 1, 7, 0, 0, TimeSpan.FromHours(2)), record.Span.From);
        Assert.Equal(TimeSpan.FromMinutes(15), record.Span.Length);
        Assert.Equal(2, record.Journeys.Length);
        var whole = record.Journeys.Single(j => j.IsWhole);
        Assert.Equal(("west", "east"), (whole.Approach!.Value.Value, whole.Exit!.Value.Value));
        // 20 m in 2 s, 10 s at a stand, and 10 m more.
        Assert.Equal(13.0, (whole.EnteredAt!.Value - record.Span.From).TotalSeconds, 0.15);
        Assert.Equal(17.0, (whole.LeftAt!.Value - record.Span.From).TotalSeconds, 0.15);
        Assert.Equal((1, 2.0), (whole.Stops, Math.Round(whole.LateralMetres!.Value)));
        Assert.Equal(10, whole.StoppedSeconds, 1.5);
        Assert.Equal(10, whole.QueuedMetres!.Value, 1.5);
        // 70 m at 40 km/h are 6.3 s.
        Assert.Equal(17 - 6.3, whole.DelaySeconds, 0.8);
        Assert.Equal("south", record.Journeys.Single(j => !j.IsWhole).Approach!.Value.Value);
        Assert.True(record.Find(new("east"))!.Watched.IsEmpty && !record.Find(new("west"))!.Watched.IsEmpty);
    }

    [Theory]
    [InlineData("a_2026-04-01_07-00.csv", "TrajID;x;y;Time\n1;1;2;0\n1;1;", "breaks off")]
    [InlineData("a_2026-04-01_07-00.csv", "nothing\n", "begins with the line")]
    [InlineData("a.csv", "TrajID;x;y;Time\n1;1;2;0\n", "give --from")]
    [InlineData("a_2026-04-01_07-00.csv", "TrajID;x;y;Time\n1;1;2;0\n1;900;2;5\n", "passes a gate")]
    public void What_are_no_trajectories_of_the_site_is_told(string name, string text, string why)
    {
        var (file, site) = (_folder.Write(name, text), SiteSettings.Load(_folder.Write("map.conf", MapSite)).Site);

        var refused = Assert.ThrowsAny<Exception>(() => TrajectoryRecord.Read([file], site, null, TestContext.Current.CancellationToken));

        Assert.True(refused is UsageException or ReplayScriptException, $"{refused}");
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_and_a_half_hours_of_real_trajectories_give_a_study_in_both_languages()
    {
        var shared = SharedFiles.Shared("data/trajectories");
        var site = Path.Combine(SharedFiles.Repository, "tests", "TrafficFlow.System.Tests", "Analysis", "radeberg.conf");

        var english = await TrafficflowProcess.RunAsync("analyse", "--trajectories", shared, "--site-file", site, "--no-simulator", "--out", _folder.Path);
        var japanese = await TrafficflowProcess.RunAsync("analyse", "--trajectories", shared, "--site-file", site, "--no-simulator", "--language", "ja");

        Assert.True(english.Code == ExitCodes.Done && japanese.Code == ExitCodes.Done, english.Error + japanese.Error);
        var study = StudyFile.Read(Path.Combine(_folder.Path, "study.json"));
        // What people counted by script on lines laid by eye: 1,235 entries.
        Assert.InRange(study.Approaches.Sum(a => a.Vehicles), 1_150, 1_300);
        // Its signals are actuated: the cycle is about 54 s and varies, so that no fixed timing is proposed, and that is said.
        var varying = Assert.Single(study.Signals.Inferred.Varying);
        Assert.InRange(varying.MeanCycleSeconds.Value, 52, 57);
        Assert.Empty(study.Signals.Inferred.Plans);
        Assert.Empty(study.Proposals);
        Assert.Contains(study.Unsaid, u => u.Kind == UnsaidKind.CycleVaries);
        // Cameras see a few metres before the stop lines: nobody may call that road free.
        Assert.All(study.Approaches.SelectMany(a => a.Levels), l => Assert.Equal(TrafficFlow.Analysis.Congestion.CongestionLevel.Unknown, l.Level));
        Assert.Equal(4, study.Unsaid.Count(u => u.Kind == UnsaidKind.DelayNotMeasured));
        Assert.Contains("the cycle varies", english.Output, StringComparison.Ordinal);
        Assert.Contains("サイクルが変動する", japanese.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("veh", japanese.Output.Split("方向別")[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name a site of a server", "analyse")]
    [InlineData("--site-file", "analyse", "--trajectories", "x.csv")]
    [InlineData("without a server", "analyse", "--trajectories", "x.csv", "--site-file", "a.conf", "--site", "a")]
    [InlineData("expected en or ja", "analyse", "--site", "a", "--config", "b", "--language", "fr")]
    [InlineData("did you mean jartic-ordinary?", "analyse", "--site", "a", "--config", "b", "--profile", "jartic-ordinari")]
    [InlineData("is no folder that is there", "analyse", "--site", "a", "--config", "b", "--out", "/no/such/folder")]
    public async Task What_the_command_line_cannot_mean_is_told_at_once(string why, params string[] line)
    {
        var ended = await TrafficflowProcess.RunAsync(line);

        Assert.Equal(ExitCodes.BadUsage, ended.Code);
        Assert.Contains(why, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Phases_of_a_controller_are_named_by_approach_and_exit()
    {
        var site = SiteSettings.Load(_folder.Write("map.conf", MapSite)).Site;

        var phases = ControllerOption.Phases("2=west,4=south:east+west", site);

        Assert.Equal([(2, "west", 4), (4, "south", 2)], phases.Select(p => (p.Number, p.Approach.Value, p.Movements.Length)));
        Assert.Contains("no approach nort", Assert.Throws<UsageException>(() => ControllerOption.Phases("2=nort", site)).Message, StringComparison.Ordinal);
        Assert.Contains("write 2=north", Assert.Throws<UsageException>(() => ControllerOption.Phases("north", site)).Message, StringComparison.Ordinal);
        Assert.Contains("needs --controller-phases", Assert.Throws<UsageException>(() => ControllerOption.Read("log.csv", null, null, site)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
