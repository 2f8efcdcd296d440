using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;

namespace TrafficFlow.Synthetic.Views;

/// <summary>Which lanes of an arm a gate crosses.</summary>
public enum Carriageway
{
    Arriving,
    Leaving,
    Both,
}

/// <summary>A gate across a carriageway, laid on the ground and seen in the picture. Forward is arriving, or leaving where nobody arrives.</summary>
/// <param name="Arm">As in <see cref="JunctionLayout.Approaches"/>.</param>
/// <param name="Outwards">Metres from the middle of the junction.</param>
public sealed record StreetGate(int Arm, Carriageway Carriageway, double Outwards, PicturePoint From, PicturePoint To)
{
    public ApproachId Approach => JunctionLayout.Approaches[Arm];

    public string Name => Carriageway switch
    {
        Carriageway.Arriving => $"{Approach}-in",
        Carriageway.Leaving => $"{Approach}-out",
        _ => $"{Approach}",
    };

    public Gate Gate => Carriageway switch
    {
        Carriageway.Arriving => new Gate(new GateId(Name), From, To, Forward: new GateMeaning(GateRole.Enters, Approach)),
        Carriageway.Leaving => new Gate(new GateId(Name), From, To, Forward: new GateMeaning(GateRole.Exits, Approach)),
        _ => new Gate(new GateId(Name), From, To, new GateMeaning(GateRole.Enters, Approach), new GateMeaning(GateRole.Exits, Approach)),
    };
}
