using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Simulation.People;

/// <summary>A cyclist on a bicycle as both are now. Nobody counts them.</summary>
/// <param name="Id">Unique among the cyclists of one simulation, in order of arrival.</param>
/// <param name="Place">Middle of the bicycle on the ground, metres.</param>
/// <param name="HeadingRadians">Direction faced, from east towards north.</param>
/// <param name="Pedal">Part of the pedals' turn that is done, 0..1.</param>
public readonly record struct CyclistView(
    long Id, GroundPoint Place, double HeadingRadians, double Speed, double Pedal, double Height, Clothes Clothes, Paint Frame)
{
    /// <summary>Metres, of the bicycle.</summary>
    public const double Length = 1.75;

    public const double Width = 0.55;
}
