using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Scoring.Mot;

/// <summary>CLEAR measures (Bernardin and Stiefelhagen 2008). Counts of several recordings add up.</summary>
/// <param name="Matched">True boxes that were found.</param>
/// <param name="Missed">True boxes that were not (FN).</param>
/// <param name="Extra">Found boxes that are no true one (FP).</param>
/// <param name="Switches">A true track goes on under another number than it had when it was last matched (IDSW).</param>
/// <param name="Fragments">A true track is matched again after a break (Frag).</param>
/// <param name="MostlyTracked">True tracks matched in more than 80 % of their frames (MT).</param>
/// <param name="PartlyTracked">In 20 to 80 % (PT).</param>
/// <param name="MostlyLost">In less than 20 % (ML).</param>
/// <param name="OverlapSum">Of the matched boxes.</param>
public sealed record ClearScore(
    int Matched, int Missed, int Extra, int Switches, int Fragments, int MostlyTracked, int PartlyTracked, int MostlyLost, double OverlapSum)
{
    public double Mota => (double)(Matched - Extra - Switches) / Math.Max(1, Matched + Missed);

    /// <summary>Mean overlap of the matched boxes.</summary>
    public double Motp => OverlapSum / Math.Max(1, Matched);

    public static ClearScore operator +(ClearScore a, ClearScore b) => new(
        a.Matched + b.Matched, a.Missed + b.Missed, a.Extra + b.Extra, a.Switches + b.Switches, a.Fragments + b.Fragments,
        a.MostlyTracked + b.MostlyTracked, a.PartlyTracked + b.PartlyTracked, a.MostlyLost + b.MostlyLost, a.OverlapSum + b.OverlapSum);
}

/// <summary>Computes <see cref="ClearScore"/> as TrackEval does: a frame's pairing keeps the pairs of the frame before where it can.</summary>
internal static class Clear
{
    /// <summary>Overlap that a match must have.</summary>
    public const double Threshold = 0.5;

    private const double Continues = 1000;
    private const int Nobody = -1;

    public static ClearScore Score(MotSequence sequence)
    {
        var tracks = sequence.LengthOfTruth.Length;
        var (matchedFrames, beginnings) = (new int[tracks], new int[tracks]);
        var (lastNumber, before) = (Filled(tracks), Filled(tracks));
        var (matched, missed, extra, switches, overlap) = (0, 0, 0, 0, 0.0);
        var assignment = new HungarianAssignment();
        foreach (var frame in sequence.Frames)
        {
            // A frame that one side leaves empty breaks no track: so the reference has it.
            if (frame.Truth.Length == 0 || frame.Found.Length == 0)
            {
                missed += frame.Truth.Length;
                extra += frame.Found.Length;
                continue;
            }

            var columns = Pair(frame, before, assignment);
            var now = Filled(tracks);
            var pairs = 0;
            for (var t = 0; t < columns.Length; t++)
            {
                if (columns[t] < 0) continue;
                var (truth, found) = (frame.Truth[t], frame.Found[columns[t]]);
                if (lastNumber[truth] != Nobody && lastNumber[truth] != found) switches++;
                if (before[truth] == Nobody) beginnings[truth]++;
                lastNumber[truth] = now[truth] = found;
                matchedFrames[truth]++;
                overlap += frame.Overlap[t, columns[t]];
                pairs++;
            }

            before = now;
            matched += pairs;
            missed += frame.Truth.Length - pairs;
            extra += frame.Found.Length - pairs;
        }

        var shares = matchedFrames.Select((m, t) => (double)m / sequence.LengthOfTruth[t]).ToList();
        return new ClearScore(
            matched, missed, extra, switches, beginnings.Sum(b => Math.Max(0, b - 1)),
            shares.Count(s => s > 0.8), shares.Count(s => s is >= 0.2 and <= 0.8), shares.Count(s => s < 0.2), overlap);
    }

    private static int[] Pair(MotFrame frame, int[] before, HungarianAssignment assignment)
    {
        assignment.Reset(frame.Truth.Length, frame.Found.Length);
        for (var t = 0; t < frame.Truth.Length; t++)
        {
            for (var f = 0; f < frame.Found.Length; f++)
            {
                if (frame.Overlap[t, f] < Threshold - Hota.MachineEpsilon) continue;
                assignment.Set(t, f, (before[frame.Truth[t]] == frame.Found[f] ? Continues : 0) + frame.Overlap[t, f]);
            }
        }

        var columns = new int[frame.Truth.Length];
        assignment.Solve(columns);
        return columns;
    }

    private static int[] Filled(int tracks)
    {
        var array = new int[tracks];
        Array.Fill(array, Nobody);
        return array;
    }
}
