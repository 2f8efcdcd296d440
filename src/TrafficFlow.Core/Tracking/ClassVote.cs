using TrafficFlow.Core.Detection;

namespace TrafficFlow.Core.Tracking;

/// <summary>
/// The class of a track: every detection votes with its score, for each class with that class's where they are known; votes for unclassified only win when there is no other. Where a second
/// model had a look, its word alone counts, and only when it is clear: else the track stays unclassified.
/// </summary>
internal sealed class ClassVote
{
    /// <summary>Weight that looks must gather: two faint ones, or one that is rather sure.</summary>
    private const double LeastEvidence = 0.6;

    /// <summary>Share of all that was said which must speak for the winner.</summary>
    private const double LeastShare = 0.55;

    private readonly double[] _votes = new double[VehicleClassNames.All.Count];
    private readonly double[] _looks = new double[VehicleClassNames.All.Count];

    public void Add(VehicleClass vehicleClass, double weight) => _votes[(int)vehicleClass] += weight;

    public void Add(in ClassScores scores)
    {
        foreach (var vehicleClass in VehicleClassNames.All) _votes[(int)vehicleClass] += scores.Of(vehicleClass);
    }

    public void Add(ClassSample look) => _looks[(int)look.Class] += look.Weight;

    public ClassTally Tally() => new(ClassWeights.Of(_votes), ClassWeights.Of(_looks));

    /// <summary>The winner and its share of the votes that named a class, 0..1; 0 when none did.</summary>
    public (VehicleClass Class, double Confidence) Winner()
    {
        if (Best(_looks, from: 0, out var said) is var looked && said == 0) return OfVotes();
        var share = _looks[looked] / said;
        return looked > 0 && _looks[looked] >= LeastEvidence && share >= LeastShare
            ? ((VehicleClass)looked, share)
            : (VehicleClass.Unclassified, 0);
    }

    private (VehicleClass Class, double Confidence) OfVotes()
    {
        var best = Best(_votes, from: 1, out var total);
        return ((VehicleClass)best, total > 0 ? _votes[best] / total : 0);
    }

    private static int Best(double[] votes, int from, out double total)
    {
        (var best, total) = (0, 0);
        for (var c = from; c < votes.Length; c++)
        {
            total += votes[c];
            if (votes[c] > 0 && (best == 0 || votes[c] > votes[best])) best = c;
        }

        return best;
    }
}
