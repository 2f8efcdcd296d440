using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Support;
using Xunit;
using Found = TrafficFlow.Core.Detection.Detection;

namespace TrafficFlow.Core.Tests.Tracking;

/// <summary>Ready-made detections of three models on clips whose every frame was drawn by people.</summary>
public sealed class RealDetectionTests
{
    private static readonly FrameFormat Frame = new(352, 288, 25);

    public static TheoryData<string, string, float> Files
    {
        get
        {
            var files = new TheoryData<string, string, float>();
            foreach (var clip in new[] { "elephant", "hydepark", "blackfriars" })
            {
                files.Add(clip, "pvb2003_384x480", 0.3f);
                files.Add(clip, "pvb2004_256x448", 0.3f);
                files.Add(clip, "yolox_nano_416", 0.4f);
            }

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void About_as_many_vehicles_move_as_people_drew(string clip, string model, float sure)
    {
        var drawn = ReadDrawn(SharedFiles.Path($"data/boxes/{clip}.gt.txt"));
        var found = ReadFound(SharedFiles.Path($"data/detections/{clip}.{model}.det.txt"));
        var pipeline = new CameraPipeline(
            new CameraSetup(new CameraId("cam1"), "", Frame, "default", [], [], []), new ScoreBands(sure / 3, sure, sure));
        var output = new PipelineOutput();
        var (first, last) = (new Dictionary<long, Box>(), new Dictionary<long, Box>());
        for (var frame = 1; frame <= found.Keys.Max(); frame++)
        {
            pipeline.Process(Film.At(frame / Frame.FramesPerSecond), found.GetValueOrDefault(frame, []), output);
            foreach (var track in output.Tracks.Where(t => t.IsSeen))
            {
                first.TryAdd(track.Number, track.Box);
                last[track.Number] = track.Box;
            }
        }

        var moving = first.Count(t => Moves(t.Value, last[t.Key]));
        var moved = drawn.Count(d => Moves(d.First, d.Last));

        TestContext.Current.TestOutputHelper?.WriteLine($"{moving} of {first.Count} tracks move; people drew {moved} that move of {drawn.Count}");
        Assert.InRange(moving, moved * 0.5, moved * 1.5);
        Assert.InRange(first.Count, drawn.Count * 0.3, drawn.Count * 2.5);
    }

    /// <summary>Small and far vehicles are left out: the annotators labelled the lower two thirds.</summary>
    private static bool Moves(in Box first, in Box last)
    {
        var (dx, dy) = (last.CenterX - first.CenterX, last.CenterY - first.CenterY);
        return Math.Max(first.CenterY, last.CenterY) > 96 && Math.Sqrt((dx * dx) + (dy * dy)) > 40;
    }

    private static List<(Box First, Box Last)> ReadDrawn(string path) =>
        [.. Read(path).GroupBy(f => f[1]).Select(g => (g.MinBy(f => f[0])!, g.MaxBy(f => f[0])!)).Select(p => (BoxOf(p.Item1), BoxOf(p.Item2)))];

    private static Dictionary<int, List<Found>> ReadFound(string path) => Read(path)
        .GroupBy(f => (int)f[0])
        .ToDictionary(g => g.Key, g => g.Select(f => new Found(BoxOf(f), f[6], VehicleClass.Unclassified)).ToList());

    private static IEnumerable<float[]> Read(string path) =>
        File.ReadLines(path).Select(line => line.Split(',').Take(8).Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray());

    private static Box BoxOf(float[] fields) => new(fields[2], fields[3], fields[4], fields[5]);
}
