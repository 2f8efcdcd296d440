using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Scoring.Mot;

/// <summary>Identity measures (Ristani et al. 2016): each true track against the one found track that explains it best.</summary>
/// <param name="Matched">Boxes that overlap within the best pairing of whole tracks (IDTP).</param>
/// <param name="Missed">The other true boxes (IDFN).</param>
/// <param name="Extra">The other found boxes (IDFP).</param>
public sealed record IdentityScore(int Matched, int Missed, int Extra)
{
    public double F1 => Matched / Math.Max(1, Matched + (0.5 * Extra) + (0.5 * Missed));
    public double Precision => (double)Matched / Math.Max(1, Matched + Extra);
    public double Recall => (double)Matched / Math.Max(1, Matched + Missed);

    public static IdentityScore operator +(IdentityScore a, IdentityScore b) => new(a.Matched + b.Matched, a.Missed + b.Missed, a.Extra + b.Extra);
}

/// <summary>Computes <see cref="IdentityScore"/>. Least missed and extra boxes together is the same as most matched ones.</summary>
internal static class Identity
{
    public static IdentityScore Score(MotSequence sequence)
    {
        var together = new int[sequence.LengthOfTruth.Length, sequence.LengthOfFound.Length];
        foreach (var frame in sequence.Frames)
        {
            for (var t = 0; t < frame.Truth.Length; t++)
            {
                for (var f = 0; f < frame.Found.Length; f++)
                {
                    if (frame.Overlap[t, f] >= Clear.Threshold) together[frame.Truth[t], frame.Found[f]]++;
                }
            }
        }

        var assignment = new HungarianAssignment();
        assignment.Reset(together.GetLength(0), together.GetLength(1));
        for (var t = 0; t < together.GetLength(0); t++)
        {
            for (var f = 0; f < together.GetLength(1); f++) assignment.Set(t, f, together[t, f]);
        }

        var columns = new int[together.GetLength(0)];
        assignment.Solve(columns);
        var matched = 0;
        for (var t = 0; t < columns.Length; t++)
        {
            if (columns[t] >= 0) matched += together[t, columns[t]];
        }

        return new IdentityScore(matched, sequence.LengthOfTruth.Sum() - matched, sequence.LengthOfFound.Sum() - matched);
    }
}
