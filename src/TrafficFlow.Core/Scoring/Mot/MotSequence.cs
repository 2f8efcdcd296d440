namespace TrafficFlow.Core.Scoring.Mot;

/// <summary>
/// The truth and the result of one recording, frame by frame, with the overlap of every pair of boxes. Tracks are numbered 0, 1, ... on
/// either side. Classes are not looked at.
/// </summary>
public sealed class MotSequence
{
    private MotSequence(IReadOnlyList<MotFrame> frames, int[] lengthOfTruth, int[] lengthOfFound) =>
        (Frames, LengthOfTruth, LengthOfFound) = (frames, lengthOfTruth, lengthOfFound);

    /// <summary>The frames in which either side has a box, sorted.</summary>
    internal IReadOnlyList<MotFrame> Frames { get; }

    /// <summary>In how many frames each true track is.</summary>
    internal int[] LengthOfTruth { get; }

    internal int[] LengthOfFound { get; }

    /// <param name="truth">Rows of confidence 0 are not judged, as the reference has it.</param>
    /// <param name="ignoreAbove">Boxes whose centre lies above this row of pixels are left out on both sides.</param>
    public static MotSequence Of(IEnumerable<MotRow> truth, IEnumerable<MotRow> found, double ignoreAbove = double.NegativeInfinity)
    {
        var trueFrames = ByFrame(truth.Where(r => r.Confidence != 0 && r.Box.CentreY >= ignoreAbove), out var lengthOfTruth);
        var foundFrames = ByFrame(found.Where(r => r.Box.CentreY >= ignoreAbove), out var lengthOfFound);
        var frames = trueFrames.Keys.Union(foundFrames.Keys).Order()
            .Select(f => MotFrame.Of(trueFrames.GetValueOrDefault(f, []), foundFrames.GetValueOrDefault(f, [])));
        return new MotSequence([.. frames], lengthOfTruth, lengthOfFound);
    }

    private static Dictionary<int, List<(int Track, MotBox Box)>> ByFrame(IEnumerable<MotRow> rows, out int[] lengths)
    {
        var frames = new Dictionary<int, List<(int, MotBox)>>();
        var tracks = new Dictionary<int, int>();
        var length = new List<int>();
        foreach (var row in rows)
        {
            if (tracks.TryAdd(row.Id, tracks.Count)) length.Add(0);
            var track = tracks[row.Id];
            length[track]++;
            if (!frames.TryGetValue(row.Frame, out var boxes)) frames[row.Frame] = boxes = [];
            boxes.Add((track, row.Box));
        }

        lengths = [.. length];
        return frames;
    }
}

/// <param name="Overlap">Intersection over union, [true box, found box].</param>
internal sealed record MotFrame(int[] Truth, int[] Found, double[,] Overlap)
{
    public static MotFrame Of(List<(int Track, MotBox Box)> truth, List<(int Track, MotBox Box)> found)
    {
        var overlap = new double[truth.Count, found.Count];
        for (var t = 0; t < truth.Count; t++)
        {
            for (var f = 0; f < found.Count; f++) overlap[t, f] = truth[t].Box.Overlap(found[f].Box);
        }

        return new MotFrame([.. truth.Select(b => b.Track)], [.. found.Select(b => b.Track)], overlap);
    }
}
