using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Vision.Motion;

/// <summary>
/// Makes vehicles of blobs: drops specks, joins the pieces of one vehicle, and cuts a platoon that stands close into vehicles of the
/// size that is usual at its row. Pure; in place.
/// </summary>
internal sealed class BlobSorter(MotionSettings settings, int width, int height)
{
    /// <summary>Pieces are joined up to the usual size; only what is beyond a large vehicle is cut. In between, a blob is let be.</summary>
    private const float Usual = 0.5f;
    private const float Large = 0.9f;

    /// <summary>How many large vehicles long or wide a blob must be to be a platoon.</summary>
    private const float Platoon = 2.2f;

    private readonly SizeByRow _sizes = new(height);
    private readonly float _leastArea = (float)(settings.LeastArea * width * height);
    private readonly List<Blob> _out = [];

    public void Sort(List<Blob> blobs)
    {
        blobs.RemoveAll(p => p.Pixels < _leastArea / 4);
        JoinPieces(blobs);
        blobs.RemoveAll(p => p.Pixels < _leastArea || p.Fill < settings.LeastFill || !HasVehicleShape(p.Box));
        _out.Clear();
        foreach (var blob in blobs) Cut(blob);
        blobs.Clear();
        blobs.AddRange(_out);
    }

    private static bool HasVehicleShape(in Box box) => box.Width / box.Height is > 0.25f and < 5f;

    private void JoinPieces(List<Blob> blobs)
    {
        for (var joined = true; joined;)
        {
            joined = false;
            for (var a = 0; a < blobs.Count && !joined; a++)
            {
                for (var b = a + 1; b < blobs.Count && !joined; b++)
                {
                    if (!BelongTogether(blobs[a], blobs[b])) continue;
                    blobs[a] = blobs[a].Join(blobs[b]);
                    blobs.RemoveAt(b);
                    joined = true;
                }
            }
        }
    }

    /// <summary>Two blobs are one vehicle when they overlap or nearly touch and together are not larger than one.</summary>
    private bool BelongTogether(in Blob a, in Blob b)
    {
        var inside = a.Box.IntersectionWith(b.Box) > 0.6f * MathF.Min(a.Box.Area, b.Box.Area);
        if (inside) return true;
        var whole = a.Join(b);
        if (_sizes.At(whole.Box.Bottom, Usual) is not { } usual) return false;
        if (whole.Box.Width > 1.25f * usual.Width || whole.Box.Height > 1.35f * usual.Height) return false;
        var gapX = MathF.Max(a.Box.X, b.Box.X) - MathF.Min(a.Box.Right, b.Box.Right);
        var gapY = MathF.Max(a.Box.Y, b.Box.Y) - MathF.Min(a.Box.Bottom, b.Box.Bottom);
        return gapX < 0.15f * usual.Width && gapY < 0.25f * usual.Height;
    }

    private void Cut(in Blob blob)
    {
        var box = blob.Box;
        if (_sizes.At(box.Bottom, Large) is not { } usual)
        {
            LearnFrom(blob);
            _out.Add(blob);
            return;
        }

        var across = Parts(box.Width / usual.Width);
        var along = Parts(box.Height / usual.Height);
        if (across == 1 && along == 1)
        {
            LearnFrom(blob);
            _out.Add(blob);
            return;
        }

        // A lorry is larger both ways and fills its box; a platoon is a multiple one way.
        if (across > 1 && along > 1 && blob.Fill > 0.6f)
        {
            _out.Add(blob);
            return;
        }

        for (var row = 0; row < along; row++)
        {
            for (var column = 0; column < across; column++)
            {
                var part = new Box(
                    box.X + (column * box.Width / across), box.Y + (row * box.Height / along), box.Width / across, box.Height / along);
                _out.Add(new Blob(part, blob.Pixels / (across * along)));
            }
        }
    }

    private static int Parts(float ratio) => ratio < Platoon ? 1 : Math.Clamp((int)MathF.Round(ratio), 2, 4);

    private void LearnFrom(in Blob blob)
    {
        if (blob.Fill > 0.55f && blob.Box.Width / blob.Box.Height is > 0.5f and < 2.5f) _sizes.Learn(blob.Box);
    }
}
