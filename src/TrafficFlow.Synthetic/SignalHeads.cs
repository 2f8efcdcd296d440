using System.Numerics;
using TrafficFlow.Core.Signals;
using TrafficFlow.Simulation;

namespace TrafficFlow.Synthetic;

/// <summary>Where the lamps hang: over the leaving lanes of arm k, facing the junction, for the traffic that comes from the opposite arm.</summary>
internal static class SignalHeads
{
    public const double Left = -4.4;
    public const double Right = -3.05;
    private const double Face = 12.8;

    /// <summary>The lamps that are lit now: place, colour, radius in metres.</summary>
    public static IEnumerable<(Vector3 Place, Vector3 Colour, float Radius)> Lit(int arm, ApproachSignal signal)
    {
        var (at, colour) = signal.Ahead switch
        {
            SignalColour.Green => (Left + 0.22, new Vector3(0.15f, 2.6f, 1.7f)),
            SignalColour.Amber => ((Left + Right) / 2, new Vector3(3.2f, 1.6f, 0.1f)),
            _ => (Right - 0.22, new Vector3(3.4f, 0.16f, 0.1f)),
        };
        yield return (JunctionCameras.At(arm, at, Face, 5.31), colour, 0.16f);
        if (signal.Right == SignalColour.Green) yield return (JunctionCameras.At(arm, Right - 0.2, Face, 4.89), new Vector3(0.15f, 2.6f, 1.7f), 0.12f);
        if (signal.Right == SignalColour.Amber) yield return (JunctionCameras.At(arm, (Left + Right) / 2, Face, 5.31), new Vector3(3.2f, 1.6f, 0.1f), 0.16f);
    }
}
