using TrafficFlow.Core.Detection;

namespace TrafficFlow.Core.Tracking;

/// <summary>The class of a track: every detection votes with its score; votes for unclassified only win when there is no other.</summary>
internal sealed class ClassVote
{
    private readonly double[] _votes = new double[VehicleClassNames.All.Count];

    public void Add(VehicleClass vehicleClass, double weight) => _votes[(int)vehicleClass] += weight;

    /// <summary>The winner and its share of the votes that named a class, 0..1; 0 when none did.</summary>
    public (VehicleClass Class, double Confidence) Winner()
    {
        var (best, total) = (0, 0.0);
        for (var c = 1; c < _votes.Length; c++)
        {
            total += _votes[c];
            if (_votes[c] > 0 && (best == 0 || _votes[c] > _votes[best])) best = c;
        }

        return ((VehicleClass)best, total > 0 ? _votes[best] / total : 0);
    }
}
