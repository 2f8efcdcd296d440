using TrafficFlow.Synthetic.Light;

namespace TrafficFlow.Synthetic.Effects;

/// <summary>
/// Falling drops, each a short bright streak, and the grey veil over all. A picture's streaks depend only on the seed and its number.
/// </summary>
internal sealed class RainStreaks(Lighting lighting, int width, int height, int seed)
{
    private const double Slant = 0.12;
    private const int Brightness = 205;
    private const int VeilGrey = 168;

    private readonly int _count = (int)(lighting.StreaksPerMegapixel * width * height / 1e6);
    private readonly int _veil = (int)(256 * lighting.Veil);

    public void Apply(Span<byte> picture, long index)
    {
        for (var i = 0; i < picture.Length; i++) picture[i] = Mix(picture[i], VeilGrey, _veil);
        for (var drop = 0; drop < _count; drop++)
        {
            var x = Scenery.Noise.Cell(drop, (int)index, seed) * width;
            var y = Scenery.Noise.Cell(drop, (int)index, seed + 7919) * height;
            // Near drops are long, fast and faint.
            var near = Scenery.Noise.Cell(drop, (int)index, seed + 15485);
            var length = (int)(height * (0.012f + (0.05f * near * near)));
            var share = (int)(90 - (55 * near));
            for (var i = 0; i < length; i++)
            {
                var (px, py) = ((int)(x + (i * Slant)), (int)y + i);
                if (px >= width || py >= height) break;
                var pixel = picture.Slice(((py * width) + px) * 3, 3);
                for (var c = 0; c < 3; c++) pixel[c] = Mix(pixel[c], Brightness, share);
            }
        }
    }

    private static byte Mix(byte under, int over, int share) => (byte)(under + ((over - under) * share / 256));
}
