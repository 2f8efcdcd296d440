using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Scoring.Mot;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>The tracker's tracks on ready-made detections in a MOT file, scored against boxes that people drew.</summary>
internal sealed record DetectionTracks(MotScore Hindsight, MotScore Live)
{
    private const double FramesPerSecond = 25;

    /// <param name="detections">MOT rows.</param>
    /// <param name="sure">The detector's limit of a sure detection; from <paramref name="worth"/> on it is worth looking at.</param>
    /// <param name="ignoreAbove">Boxes whose centre lies above this line of the picture count on neither side.</param>
    /// <exception cref="FormatException">A line is no MOT row.</exception>
    public static DetectionTracks Score(
        string detections, IReadOnlyList<MotRow> truth, float worth, float sure, int width, int height, double ignoreAbove = double.NegativeInfinity)
    {
        var (rows, errors) = MotText.Read(File.ReadLines(detections));
        if (errors.Count > 0) throw new FormatException($"{detections}:{errors[0]}");
        var frame = new FrameFormat(width, height, FramesPerSecond);
        var found = rows.GroupBy(r => r.Frame).ToDictionary(g => g.Key, g => g.Select(Found).ToList());
        var recorder = new TrackRecorder(TrackerSettings.Default, new ScoreBands(worth, sure, sure), frame);
        for (var f = 1; f <= found.Keys.Max(); f++) recorder.Add(f, f / frame.FramesPerSecond, found.GetValueOrDefault(f, []));
        return new DetectionTracks(Of(recorder.Hindsight()), Of(recorder.Live));

        MotScore Of(IEnumerable<TrackedBox> boxes) => MotScore.Of(MotSequence.Of(
            truth, boxes.Select(b => new MotRow(b.Frame, (int)b.Track, new MotBox(b.Box.X, b.Box.Y, b.Box.Width, b.Box.Height), b.Score)), ignoreAbove));
    }

    private static Detection Found(MotRow row) => new(
        new Box((float)row.Box.Left, (float)row.Box.Top, (float)row.Box.Width, (float)row.Box.Height), (float)row.Confidence, VehicleClass.Unclassified);
}
