using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Scoring.Mot;

/// <summary>Computes <see cref="HotaScore"/>.</summary>
/// <remarks>
/// Boxes of a frame are paired once, by overlap times how well their tracks agree over the whole recording; each alpha then keeps the
/// pairs that overlap enough. Source: Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 2020, with
/// the conventions of its reference implementation, TrackEval.
/// </remarks>
internal static class Hota
{
    /// <summary>Smallest double that 1 can be told apart by: an overlap that equals alpha matches.</summary>
    public const double MachineEpsilon = 2.220446049250313e-16;

    public static HotaScore Score(MotSequence sequence)
    {
        var agreement = Agreement(sequence);
        var alphas = HotaScore.Thresholds.Select(a => new Counts(a, sequence)).ToArray();
        var assignment = new HungarianAssignment();
        foreach (var frame in sequence.Frames)
        {
            assignment.Reset(frame.Truth.Length, frame.Found.Length);
            for (var t = 0; t < frame.Truth.Length; t++)
            {
                for (var f = 0; f < frame.Found.Length; f++)
                    assignment.Set(t, f, agreement[frame.Truth[t], frame.Found[f]] * frame.Overlap[t, f]);
            }

            var columns = new int[frame.Truth.Length];
            assignment.Solve(columns);
            foreach (var counts in alphas) counts.Add(frame, columns);
        }

        return new HotaScore([.. alphas.Select(c => c.Score())]);
    }

    /// <summary>For each pair of tracks, how much of both their boxes could belong together, 0..1.</summary>
    private static double[,] Agreement(MotSequence sequence)
    {
        var together = new double[sequence.LengthOfTruth.Length, sequence.LengthOfFound.Length];
        foreach (var frame in sequence.Frames)
        {
            var ofTruth = new double[frame.Truth.Length];
            var ofFound = new double[frame.Found.Length];
            for (var t = 0; t < ofTruth.Length; t++)
            {
                for (var f = 0; f < ofFound.Length; f++)
                {
                    ofTruth[t] += frame.Overlap[t, f];
                    ofFound[f] += frame.Overlap[t, f];
                }
            }

            for (var t = 0; t < ofTruth.Length; t++)
            {
                for (var f = 0; f < ofFound.Length; f++)
                {
                    var all = ofTruth[t] + ofFound[f] - frame.Overlap[t, f];
                    if (all > MachineEpsilon) together[frame.Truth[t], frame.Found[f]] += frame.Overlap[t, f] / all;
                }
            }
        }

        for (var t = 0; t < together.GetLength(0); t++)
        {
            for (var f = 0; f < together.GetLength(1); f++)
                together[t, f] /= sequence.LengthOfTruth[t] + sequence.LengthOfFound[f] - together[t, f];
        }

        return together;
    }

    private sealed class Counts(double alpha, MotSequence sequence)
    {
        private readonly int[,] _matches = new int[sequence.LengthOfTruth.Length, sequence.LengthOfFound.Length];
        private int _matched;
        private int _missed;
        private int _extra;
        private double _overlap;

        public void Add(MotFrame frame, int[] columns)
        {
            var matched = 0;
            for (var t = 0; t < columns.Length; t++)
            {
                if (columns[t] < 0 || frame.Overlap[t, columns[t]] < alpha - MachineEpsilon) continue;
                matched++;
                _overlap += frame.Overlap[t, columns[t]];
                _matches[frame.Truth[t], frame.Found[columns[t]]]++;
            }

            _matched += matched;
            _missed += frame.Truth.Length - matched;
            _extra += frame.Found.Length - matched;
        }

        public HotaAtAlpha Score()
        {
            var (accuracy, recall, precision) = (0.0, 0.0, 0.0);
            for (var t = 0; t < _matches.GetLength(0); t++)
            {
                for (var f = 0; f < _matches.GetLength(1); f++)
                {
                    double n = _matches[t, f];
                    accuracy += n * n / Math.Max(1, sequence.LengthOfTruth[t] + sequence.LengthOfFound[f] - n);
                    recall += n * n / sequence.LengthOfTruth[t];
                    precision += n * n / sequence.LengthOfFound[f];
                }
            }

            var matched = Math.Max(1, _matched);
            return new HotaAtAlpha(
                alpha, _matched, _missed, _extra, accuracy / matched, recall / matched, precision / matched,
                Math.Max(1e-10, _overlap) / Math.Max(1e-10, _matched));
        }
    }
}
