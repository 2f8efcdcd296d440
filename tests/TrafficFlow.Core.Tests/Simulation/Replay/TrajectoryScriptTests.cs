using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Tests.Support;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Replay;
using Xunit;

namespace TrafficFlow.Core.Tests.Simulation.Replay;

public sealed class TrajectoryScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-").FullName;

    [Fact]
    public void The_movers_of_a_real_junction_make_two_and_a_half_hours()
    {
        var first = SharedFiles.Path("data/trajectories/radeberg_2020-02-20_11-30.csv");

        var script = TrajectoryScript.Read(Path.GetDirectoryName(first)!);

        Assert.Equal(150, script.Period.TotalMinutes);
        Assert.InRange(script.Vehicles.Length, 1250, 1310);
        Assert.All(script.Vehicles, v => Assert.Equal(VehicleClass.Unclassified, v.Class));
        // Vehicles go through at town speed; pedestrians are among the movers.
        Assert.InRange(script.Vehicles.Average(v => v.SpeedKmh!.Value), 10, 50);
        Assert.All(JunctionLayout.Approaches, a =>
        {
            Assert.InRange(script.Vehicles.Count(v => v.Entry == a), 80, 600);
            Assert.InRange(script.Vehicles.Count(v => v.Exit == a), 80, 600);
        });
        // Few turn back: were the arms told badly, an arm cut in two would make many.
        Assert.True(script.Vehicles.Count(v => v.Entry == v.Exit) < script.Vehicles.Length / 20);
    }

    [Fact]
    public void Files_follow_one_another_and_what_does_not_move_is_left_out()
    {
        Write("a.csv", Track("1", 0, 0, 100, 5), Track("2", 30, 30, 0.2, 9));
        Write("b.csv", Track("1", 100, 0, -100, 7));

        var script = TrajectoryScript.Read(_folder);

        Assert.Equal(30, script.Period.TotalMinutes);
        Assert.Equal([5.0, 907], script.Vehicles.Select(v => v.Enters.TotalSeconds));
        Assert.Equal([25.0, 927], script.Vehicles.Select(v => v.Leaves.TotalSeconds));
        Assert.All(script.Vehicles, v => Assert.Equal(18, v.SpeedKmh!.Value, 6));
        Assert.Equal((script.Vehicles[0].Entry, script.Vehicles[0].Exit), (script.Vehicles[1].Exit, script.Vehicles[1].Entry));
    }

    [Theory]
    [InlineData("TrajID;x;y;Time\n1;0;0;0\n1;50;0", ":3: the file breaks off within this line: copy it again")]
    [InlineData("TrajID;x;y;Time\n1;0;0;0\n1;50;0\n", ":3: \"1;50;0\" has not the four fields TrajID;x;y;Time")]
    [InlineData("TrajID;x;y;Time\n1;0;0;0\n1;5o;0;1\n", ":3: x is \"5o\", which is not a number")]
    [InlineData("TrajID;x;y;Time\n1;0;0;0\n1;NaN;0;1\n", ":3: x is \"NaN\", which is not a number")]
    [InlineData("TrajID;x;y;Time\n1;0;0;9\n1;50;0;1\n", ":3: track 1 goes back in time from 9 to 1 s")]
    [InlineData("TrajID;x;y;Time\n1;0;0;900\n", ":2: the time 900 is not within the file's 900 s")]
    [InlineData("id,x,y\n1;0;0;0\n", ":1: a trajectory file begins with the line TrajID;x;y;Time")]
    [InlineData("TrajID;x;y;Time\n", ":2: there is no track: copy the file again, or take it out of the folder")]
    [InlineData("", ":1: a trajectory file begins with the line TrajID;x;y;Time")]
    public void A_bad_file_is_refused_with_its_line(string content, string expected)
    {
        var file = Path.Combine(_folder, "bad.csv");
        File.WriteAllText(file, content);

        Assert.Equal(file + expected, Assert.Throws<ReplayScriptException>(() => TrajectoryScript.Read(_folder)).Message);
    }

    [Fact]
    public void A_folder_without_trajectories_is_refused()
    {
        Assert.Equal($"the folder {_folder} holds no trajectory file (*.csv)", Assert.Throws<ReplayScriptException>(() => TrajectoryScript.Read(_folder)).Message);
        Assert.Equal("there is no folder /nowhere", Assert.Throws<ReplayScriptException>(() => TrajectoryScript.Read("/nowhere")).Message);
        Write("a.csv", Track("2", 30, 30, 0.2, 9));
        Assert.StartsWith("nothing moves", Assert.Throws<ReplayScriptException>(() => TrajectoryScript.Read(_folder)).Message);
    }

    [Fact]
    public async Task A_folder_that_was_mended_is_read_again()
    {
        var (logs, site) = (new ReplayScripts(), ReplaySites.Whole($"replay:{_folder}"));
        Write("a.csv", ["1;0;0"]);
        await Assert.ThrowsAsync<ReplayScriptException>(async () => await logs.OpenAsync(site, site.Cameras[0], TestContext.Current.CancellationToken));

        Write("a.csv", Track("1", 0, 0, 100, 5));
        var log = await logs.OpenAsync(site, site.Cameras[0], TestContext.Current.CancellationToken);

        Assert.NotNull(log.From(1).First(e => e.Vehicle is not null).Vehicle);
        Assert.Equal($"trajectories-{Path.GetFileName(_folder)}", log.Provenance.DetectorVersion);
    }

    private void Write(string name, params IEnumerable<string>[] tracks) =>
        File.WriteAllLines(Path.Combine(_folder, name), ["TrajID;x;y;Time", .. tracks.SelectMany(t => t)]);

    /// <summary>Twenty seconds of a straight way.</summary>
    private static IEnumerable<string> Track(string id, double x, double y, double metres, double from) =>
        Enumerable.Range(0, 401).Select(i => FormattableString.Invariant($"{id};{x + (metres * i / 400)};{y};{from + (i / 20.0)}"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
