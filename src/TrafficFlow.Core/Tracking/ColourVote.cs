using TrafficFlow.Core.Detection;

namespace TrafficFlow.Core.Tracking;

/// <summary>The colour of a track: every picture votes with its weight; a colour is named only where enough was seen and most agree.</summary>
internal sealed class ColourVote
{
    /// <summary>Weight that pictures must gather before anything is said.</summary>
    private const double LeastWeight = 0.25;

    /// <summary>Share that the winner needs: below it, two colours are as likely.</summary>
    private const double LeastShare = 0.5;

    private readonly double[] _votes = new double[VehicleColourNames.All.Count];

    public void Add(ColourSample sample)
    {
        if (sample.Colour != VehicleColour.Unknown) _votes[(int)sample.Colour] += sample.Weight;
    }

    /// <summary>The winner and its share of the votes, 0..1; unknown with 0 where nobody can be sure.</summary>
    public (VehicleColour Colour, double Confidence) Winner()
    {
        var (best, total) = (1, 0.0);
        for (var c = 1; c < _votes.Length; c++)
        {
            total += _votes[c];
            if (_votes[c] > _votes[best]) best = c;
        }

        return total >= LeastWeight && _votes[best] >= LeastShare * total
            ? ((VehicleColour)best, _votes[best] / total)
            : (VehicleColour.Unknown, 0);
    }
}
