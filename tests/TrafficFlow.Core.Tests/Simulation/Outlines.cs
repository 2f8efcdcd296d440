using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Core.Tests.Simulation;

/// <summary>Do two vehicles' outlines on the ground overlap? By the separating axis rule.</summary>
internal static class Outlines
{
    public static bool Touch(in VehicleView one, in VehicleView other)
    {
        var (dx, dy, reach) = (one.Centre.X - other.Centre.X, one.Centre.Y - other.Centre.Y, ((one.Length + other.Length) / 2) + 2);
        if ((dx * dx) + (dy * dy) > reach * reach) return false;
        return Overlap(one, other, one.HeadingRadians) && Overlap(one, other, one.HeadingRadians + (Math.PI / 2))
            && Overlap(one, other, other.HeadingRadians) && Overlap(one, other, other.HeadingRadians + (Math.PI / 2));
    }

    private static bool Overlap(in VehicleView one, in VehicleView other, double axis)
    {
        var (dx, dy) = (Math.Cos(axis), Math.Sin(axis));
        var distance = Math.Abs(((other.Centre.X - one.Centre.X) * dx) + ((other.Centre.Y - one.Centre.Y) * dy));
        return distance < Reach(one, axis) + Reach(other, axis);
    }

    private static double Reach(in VehicleView v, double axis) =>
        (v.Length / 2 * Math.Abs(Math.Cos(axis - v.HeadingRadians))) + (v.Width / 2 * Math.Abs(Math.Sin(axis - v.HeadingRadians)));
}
