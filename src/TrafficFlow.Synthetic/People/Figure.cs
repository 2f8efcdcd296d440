using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation.People;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Synthetic.People;

/// <summary>Somebody to be painted, on foot or riding.</summary>
/// <param name="Scale">Of the mesh.</param>
/// <param name="Other">Paint of the umbrella, or of the bicycle's frame.</param>
internal readonly record struct Figure(GroundPoint Place, double Heading, float Scale, double Height, Clothes Clothes, Paint Other)
{
    public static Figure Of(in PersonView p) =>
        new(p.Place, p.HeadingRadians, (float)p.Height / PersonBody.HeightOf(p.Build), p.Height, p.Clothes, p.Umbrella);

    public static Figure Of(in CyclistView c) => new(c.Place, c.HeadingRadians, (float)c.Height / CyclistBody.RiderHeight, 1.7, c.Clothes, c.Frame);
}
