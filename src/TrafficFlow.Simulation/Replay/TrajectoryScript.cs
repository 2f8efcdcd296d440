using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Simulation.Replay;

/// <summary>
/// Real trajectories as a script: the files of a folder, in order of their names, are consecutive stretches of time. Nobody said what
/// the road users are: they are unclassified.
/// </summary>
public static class TrajectoryScript
{
    /// <summary>What stays within so many metres of where it was first seen does not move: shadows, parked cars, flags.</summary>
    private const double MovesMetres = 10;

    // At 20 points a second the jitter of a position would add up to a way of its own.
    private const double StepSeconds = 1;

    /// <exception cref="ReplayScriptException">The folder or a file in it is not usable; the message says which line is wrong.</exception>
    public static FlowScript Read(string folder)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.csv") : throw new ReplayScriptException($"there is no folder {folder}");
        if (files.Length == 0) throw new ReplayScriptException($"the folder {folder} holds no trajectory file (*.csv)");
        Array.Sort(files, StringComparer.Ordinal);
        var moving = new List<(TimeSpan Offset, List<TrackPoint> Points)>();
        for (var i = 0; i < files.Length; i++)
            moving.AddRange(TrajectoryFile.Read(files[i]).Where(Moves).Select(points => (TrajectoryFile.Length * i, points)));
        if (moving.Count == 0) throw new ReplayScriptException($"nothing moves in the trajectory files of {folder}");

        var arms = new JunctionArms([.. moving.SelectMany(m => new[] { Place(m.Points[0]), Place(m.Points[^1]) })]);
        return new FlowScript(
            $"trajectories-{Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))}",
            TrajectoryFile.Length * files.Length,
            moving.Select(m => new ScriptVehicle(
                m.Offset + TimeSpan.FromSeconds(m.Points[0].Seconds),
                m.Offset + TimeSpan.FromSeconds(m.Points[^1].Seconds),
                arms.Of(Place(m.Points[0])),
                arms.Of(Place(m.Points[^1])),
                VehicleClass.Unclassified,
                VehicleSize.Unknown,
                SpeedKmh(m.Points))));
    }

    private static bool Moves(List<TrackPoint> points) => points.Exists(p => Metres(points[0], p) > MovesMetres);

    private static double? SpeedKmh(List<TrackPoint> points)
    {
        var (way, last) = (0.0, points[0]);
        foreach (var point in points)
        {
            if (point.Seconds - last.Seconds < StepSeconds) continue;
            way += Metres(last, point);
            last = point;
        }

        var seconds = last.Seconds - points[0].Seconds;
        return seconds > 0 ? way / seconds * 3.6 : null;
    }

    private static double Metres(TrackPoint a, TrackPoint b) => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));

    private static GroundPoint Place(TrackPoint point) => new(point.X, point.Y);
}
