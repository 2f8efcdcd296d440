using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Colour;

/// <summary>What the pixels of one vehicle's body say together, as an eye that is used to the light would see it.</summary>
/// <param name="Red">Share of the pixels that is clearly of this hue, 0..1; the others the same.</param>
/// <param name="Brown">Warm but dull: brown, beige.</param>
/// <param name="Dark">Lightness below which three tenths of the pixels lie, 0..100: underside, tyres, windows and dark paint.</param>
/// <param name="Middle">The same for half of them.</param>
/// <param name="Bright">The same for seven tenths: white paint is here whatever else is seen.</param>
internal readonly record struct BodyColourMeasures(
    float Red, float Yellow, float Green, float Blue, float Brown, float Dark, float Middle, float Bright)
{
    /// <summary>Lightness of the bright part that only white paint has, whatever windows and arches darken beside it.</summary>
    private const float SurelyWhite = 75;

    /// <summary>In shade white paint is darker, and all of the body is.</summary>
    private const float WhiteBright = 66;
    private const float WhiteMiddle = 52;
    private const float BlackTo = 37;
    private const float BlackBright = 55;

    private static readonly VehicleColour[] s_hues =
        [VehicleColour.Red, VehicleColour.Yellow, VehicleColour.Green, VehicleColour.Blue, VehicleColour.Brown];

    /// <summary>
    /// Shares from which a hue is the paint and not lamps (red), the sky in glass and dark gloss (blue), leaves mirrored (green), or dirt and
    /// warm light (brown).
    /// </summary>
    private static readonly float[] s_least = [0.22f, 0.24f, 0.28f, 0.2f, 0.34f];

    /// <summary>The colour, and how far it is from any other, 0..1.</summary>
    public (VehicleColour Colour, float Sureness) Name()
    {
        ReadOnlySpan<float> shares = [Red, Yellow, Green, Blue, Brown];
        var (best, ratio, next) = (0, 0f, 0f);
        for (var i = 0; i < shares.Length; i++)
        {
            var own = shares[i] / s_least[i];
            if (own > ratio) (best, ratio, next) = (i, own, ratio);
            else next = Math.Max(next, own);
        }

        if (ratio >= 1) return (s_hues[best], Math.Clamp((Math.Min(ratio, 2.5f) - Math.Max(next, 0.7f)) / 1.2f, 0.1f, 1));
        var plain = 1 - (0.7f * ratio);
        var fromWhite = Math.Min(SurelyWhite - Bright, Math.Max(WhiteBright - Bright, WhiteMiddle - Middle));
        var fromBlack = Math.Max(((Dark + Middle) / 2) - BlackTo, Bright - BlackBright);
        if (fromWhite <= 0) return (VehicleColour.White, plain * Margin(-fromWhite));
        return fromBlack < 0 ? (VehicleColour.Black, plain * Margin(-fromBlack)) : (VehicleColour.Grey, plain * Margin(Math.Min(fromWhite, fromBlack)));
    }

    /// <summary>As it would be in a light that is so many times as bright.</summary>
    public BodyColourMeasures Lightened(float times) => this with { Dark = Dark * times, Middle = Middle * times, Bright = Bright * times };

    private static float Margin(float distance) => Math.Clamp(0.15f + (distance / 12), 0, 1);
}
