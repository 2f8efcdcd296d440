using System.Numerics;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Synthetic.Light;

/// <summary>From a colour as people name it to the share of light that it gives back.</summary>
internal static class Albedo
{
    public static Vector3 Of(Paint paint)
    {
        return new Vector3(One(paint.Red), One(paint.Green), One(paint.Blue));

        static float One(byte value) => 0.64f * MathF.Pow(value / 255f, 2.2f);
    }
}
