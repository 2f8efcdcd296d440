namespace TrafficFlow.Core.Junctions.Histories;

/// <summary>
/// Finds the vehicle of which another one is only a second image. A camera that sees only a part of a bus, or one cut off by the border of
/// its picture, places it beside the others' bus; and it sees two where the bus breaks into front and rear.
/// </summary>
internal sealed class DuplicateFinder(VehicleHistories histories, FusionSettings settings)
{
    // Of a vehicle of which one end is known, so long before or after it is looked at.
    private const double BesidesSeconds = 4;

    /// <summary>Marks a second image as such; what it knew goes to its original, as long as that can still be changed.</summary>
    public bool IsDuplicate(VehicleHistory history)
    {
        if (OriginalOf(history) is not { } original) return false;
        if (!original.IsFinal) original.Absorb(history);
        return true;
    }

    private VehicleHistory? OriginalOf(VehicleHistory history)
    {
        VehicleHistory? best = null;
        var most = settings.DoubleShare;
        // What it did where it is counted: it may have been another one before.
        var from = (history.Entry?.Time ?? history.Exit!.Value.Time - BesidesSeconds) - 1;
        var to = (history.Exit?.Time ?? history.Entry!.Value.Time + BesidesSeconds) + 1;
        foreach (var other in histories.All)
        {
            if (other == history || other.IsDuplicate || history.Contradicts(other)) continue;
            // What was emitted cannot be mended; what was passed over is no vehicle.
            if (other.IsFinal && !(other.IsEmitted && (other.IsWhole || !history.IsWhole))) continue;
            var share = ShareBeside(history, other, from, to);
            if (share > most) (best, most) = (other, share);
        }

        history.IsDuplicate = best is not null;
        return best;
    }

    /// <summary>Where a camera saw two, they must have been where no two can be.</summary>
    private double ShareBeside(VehicleHistory history, VehicleHistory other, double from, double to)
    {
        var (mine, theirs) = (history.Vehicle.LengthMetres, other.Vehicle.LengthMetres);
        return other.Vehicle.WasSeenApartFrom(history.Vehicle)
            ? history.Trace.ShareBeside(other.Trace, from, to, settings.SolidShare * (mine + theirs), settings.SolidAcrossMetres)
            : history.Trace.ShareBeside(other.Trace, from, to, settings.AlongMetres + (settings.DoublePerLength * Math.Max(mine, theirs)), settings.DoubleAcrossMetres);
    }
}
