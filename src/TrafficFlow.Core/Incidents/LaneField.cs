using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Incidents;

/// <summary>Where vehicles drive, and which way, as seen of all that drove there: the direction of a lane where the road bends away from its gate. Pure.</summary>
internal sealed class LaneField
{
    private const double CellMetres = 3;

    // Of a junction of 200 m by 200 m: nine tenths of it are no road.
    private const int MostCells = 4500;

    // Five vehicles the same way are hardly chance: one of sixteen, were both ways as likely; and a wrong-way driver passes ten places.
    private const int KnownFrom = 5;
    private const int Halved = 400;

    // Mean of unit vectors: below it the place is driven over in several directions.
    private const double LeastAgreement = 0.9;

    private sealed class Cell
    {
        public double X { get; set; }
        public double Y { get; set; }
        public int Vehicles { get; set; }
        public long Last { get; set; }
        public DateTimeOffset LastAt { get; set; }
    }

    private readonly Dictionary<(int X, int Y), Cell> _cells = [];

    /// <summary>A vehicle drove straight from one place to the other.</summary>
    public void Drive(long vehicle, GroundPoint from, GroundPoint to, DateTimeOffset now)
    {
        var metres = from.DistanceTo(to);
        if (metres < 0.5) return;
        var (ux, uy) = ((to.X - from.X) / metres, (to.Y - from.Y) / metres);
        for (var at = 0.0; at < metres; at += CellMetres / 2) Vote(vehicle, new GroundPoint(from.X + (ux * at), from.Y + (uy * at)), ux, uy, now);
    }

    /// <summary>Vehicles have been seen driving there, or just beside.</summary>
    public bool IsDrivenOn(GroundPoint place)
    {
        var (x, y) = CellOf(place);
        for (var i = -1; i <= 1; i++)
        {
            for (var j = -1; j <= 1; j++)
            {
                if (_cells.ContainsKey((x + i, y + j))) return true;
            }
        }

        return false;
    }

    /// <summary>Others have driven that way over this very place since: whatever stands there now has come since.</summary>
    /// <param name="until">Later ones are of before the clock was set back.</param>
    public bool IsDrivenOnSince(DateTimeOffset since, DateTimeOffset until, GroundPoint place, double directionX, double directionY) =>
        Cosine(place, directionX, directionY) > LeastAgreement && _cells[CellOf(place)].LastAt is var at && at >= since && at <= until;

    /// <summary>Cosine of the angle between a direction (unit vector) and the one in which all drive there; null where that is not known, or there are several.</summary>
    public double? Cosine(GroundPoint place, double directionX, double directionY)
    {
        if (!_cells.TryGetValue(CellOf(place), out var cell) || cell.Vehicles < KnownFrom) return null;
        var length = Math.Sqrt((cell.X * cell.X) + (cell.Y * cell.Y));
        return length < LeastAgreement * cell.Vehicles ? null : ((cell.X * directionX) + (cell.Y * directionY)) / length;
    }

    private void Vote(long vehicle, GroundPoint place, double ux, double uy, DateTimeOffset now)
    {
        var at = CellOf(place);
        if (!_cells.TryGetValue(at, out var cell))
        {
            if (_cells.Count >= MostCells) return;
            _cells.Add(at, cell = new Cell());
        }

        if (cell.Last == vehicle) return;
        (cell.Last, cell.LastAt) = (vehicle, now);
        cell.X += ux;
        cell.Y += uy;
        if (++cell.Vehicles < Halved) return;
        (cell.X, cell.Y, cell.Vehicles) = (cell.X / 2, cell.Y / 2, cell.Vehicles / 2);
    }

    private static (int X, int Y) CellOf(GroundPoint place) => ((int)Math.Floor(place.X / CellMetres), (int)Math.Floor(place.Y / CellMetres));
}
