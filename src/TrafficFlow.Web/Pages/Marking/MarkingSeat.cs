namespace TrafficFlow.Web.Pages.Marking;

/// <summary>Who marks: a page sends all marks each time, so that two that do would overwrite each other. One page has the seat; others look on, or take it. Thread-safe.</summary>
public sealed class MarkingSeat
{
    private readonly Lock _gate = new();
    private (string Seat, string Name)? _holder;

    /// <summary>Of whoever marks; null for nobody.</summary>
    public string? Holder
    {
        get
        {
            lock (_gate) return _holder?.Name;
        }
    }

    /// <summary>Takes a free seat.</summary>
    /// <param name="seat">Random, of one page.</param>
    /// <param name="name">Of its reader.</param>
    /// <param name="evenIfTaken">From whoever has it.</param>
    /// <returns>Null where the page has it now, else who has.</returns>
    public string? Take(string seat, string name, bool evenIfTaken)
    {
        lock (_gate)
        {
            if (_holder is { } holder && holder.Seat != seat && !evenIfTaken) return holder.Name;
            _holder = (seat, name);
            return null;
        }
    }
}
