namespace TrafficFlow.Wire.Access;

/// <summary>
/// The numbers of messages that the library delivers in order. It remembers each number that is missing below one that has come, and keeps
/// what waits for it: so what runs ahead is bounded here.
/// </summary>
internal sealed class SequenceWindow
{
    /// <summary>How far a number may run ahead of the last one before which none is missing.</summary>
    public const int MostAhead = 1000;

    private readonly SortedSet<ulong> _ahead = [];
    private ulong _next;

    /// <returns>False where the number runs too far ahead.</returns>
    public bool Accepts(ulong number)
    {
        if (number < _next) return true;
        if (number - _next > MostAhead) return false;
        _ahead.Add(number);
        while (_ahead.Count > 0 && _ahead.Min == _next)
        {
            _ahead.Remove(_next);
            _next++;
        }

        return true;
    }
}
