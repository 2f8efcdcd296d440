namespace TrafficFlow.Core.Geometry;

/// <summary>What is left of a box when others are cut out of it: pieces that do not overlap.</summary>
internal sealed class BoxParts(in Box whole)
{
    private List<Box> _pieces = [whole];

    public float Area => _pieces.Sum(p => p.Area);

    public void Remove(in Box other)
    {
        var pieces = new List<Box>();
        foreach (var piece in _pieces)
        {
            if (piece.IntersectionWith(other) <= 0)
            {
                pieces.Add(piece);
                continue;
            }

            var (top, bottom) = (Math.Max(piece.Y, other.Y), Math.Min(piece.Bottom, other.Bottom));
            Add(pieces, piece.X, piece.Y, piece.Right, top);
            Add(pieces, piece.X, bottom, piece.Right, piece.Bottom);
            Add(pieces, piece.X, top, other.X, bottom);
            Add(pieces, other.Right, top, piece.Right, bottom);
        }

        _pieces = pieces;
    }

    private static void Add(List<Box> pieces, float left, float top, float right, float bottom)
    {
        if (right > left && bottom > top) pieces.Add(Box.FromCorners(left, top, right, bottom));
    }
}
