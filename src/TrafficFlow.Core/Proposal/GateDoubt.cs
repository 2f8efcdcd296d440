using System.Globalization;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Proposal;

/// <summary>Why a proposed gate should be looked at before its counts are believed.</summary>
public enum GateDoubt
{
    /// <summary>So few vehicles made the stream that one mistake of the detector may be all there is.</summary>
    FewVehicles,

    /// <summary>Most were followed for a short way only, shorter than a sure crossing needs.</summary>
    ShortWay,

    /// <summary>At the edge of the picture, where vehicles are cut off.</summary>
    EdgeOfPicture,

    /// <summary>Taller than wide, as people on a pavement are.</summary>
    LikePeople,
}

/// <summary>Judges a stream's gate.</summary>
public static class GateDoubts
{
    public static IReadOnlyList<GateDoubt> Of(MotionStream stream, FrameFormat frame, ProposalSettings settings)
    {
        var doubts = new List<GateDoubt>();
        var through = stream.Through;
        if (through.Count < settings.SureVehicles) doubts.Add(GateDoubt.FewVehicles);
        if (Middle(m => m.Path.Travel) < 2 * settings.SureReach) doubts.Add(GateDoubt.ShortWay);
        if (Middle(m => m.Place.BorderDistance(frame.Width, frame.Height)) < settings.BorderReach) doubts.Add(GateDoubt.EdgeOfPicture);
        if (Middle(m => m.Place.Height / Math.Max(1, m.Place.Width)) > settings.TallShare) doubts.Add(GateDoubt.LikePeople);
        return doubts;

        double Middle(Func<Meeting, double> measure) => through.Select(measure).Order().ElementAt(through.Count / 2);
    }

    /// <summary>For people.</summary>
    public static string Explain(this GateDoubt doubt, MotionStream stream) => doubt switch
    {
        GateDoubt.FewVehicles => stream.Through.Count == 1 ? "only 1 vehicle was seen" : string.Create(CultureInfo.InvariantCulture, $"only {stream.Through.Count} vehicles were seen"),
        GateDoubt.ShortWay => "most were seen for a short way only",
        GateDoubt.EdgeOfPicture => "at the edge of the picture",
        GateDoubt.LikePeople => "taller than wide as people are: a pavement?",
        _ => throw new ArgumentOutOfRangeException(nameof(doubt), doubt, "no such doubt"),
    };
}
