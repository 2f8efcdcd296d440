using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Colour;

/// <summary>What the pixels of one vehicle's body say together, as an eye that is used to the light would see it.</summary>
/// <param name="Pixels">Pixels that belong to the vehicle.</param>
/// <param name="Red">Share of them that is clearly of this hue, 0..1; the others the same.</param>
/// <param name="Brown">Warm but dull: brown, beige.</param>
/// <param name="Lightness">Of the bright part of what has no hue, 0..100: the paint is brighter than windows, tyres and shadows.</param>
internal readonly record struct PaintMeasures(
    int Pixels, float Red, float Yellow, float Green, float Blue, float Brown, float Lightness)
{
    /// <summary>From here, of all pixels of a vehicle, a hue is its paint and not its lamps, its windows' sky or an emblem.</summary>
    private const float LeastHue = 0.24f;

    private const float WhiteFrom = 74;
    private const float BlackTo = 38;

    /// <summary>The colour, and how far it is from any other, 0..1.</summary>
    public (VehicleColour Colour, float Sureness) Name()
    {
        var (hue, share, next) = BestHue();
        if (share >= LeastHue) return (hue, Math.Clamp((share - next) / 0.35f, 0.1f, 1));
        var doubt = 1 - (0.7f * share / LeastHue);
        if (Lightness >= WhiteFrom) return (VehicleColour.White, doubt * Margin(Lightness - WhiteFrom));
        return Lightness < BlackTo
            ? (VehicleColour.Black, doubt * Margin(BlackTo - Lightness))
            : (VehicleColour.Grey, doubt * Margin(Math.Min(WhiteFrom - Lightness, Lightness - BlackTo)));
    }

    private static float Margin(float distance) => Math.Clamp(0.15f + (distance / 12), 0, 1);

    private (VehicleColour Hue, float Share, float Next) BestHue()
    {
        ReadOnlySpan<float> shares = [Red, Yellow, Green, Blue, Brown];
        ReadOnlySpan<VehicleColour> names = [VehicleColour.Red, VehicleColour.Yellow, VehicleColour.Green, VehicleColour.Blue, VehicleColour.Brown];
        var (best, next) = (0, 0f);
        for (var i = 1; i < shares.Length; i++)
        {
            if (shares[i] > shares[best]) (best, next) = (i, Math.Max(next, shares[best]));
            else next = Math.Max(next, shares[i]);
        }

        return (names[best], shares[best], next);
    }
}
