namespace TrafficFlow.Simulation.Replay;

/// <summary>
/// The counts of a looped script in order of time, addressed by number. Times are ticks since the start of the loop, which begins at a
/// phase of the script. Who leaves beyond the end of his period is counted in the next one: the first period lacks those.
/// </summary>
internal sealed class CountLoop
{
    private readonly long _period;
    private readonly Item[] _items;
    private readonly int[] _carried;

    public CountLoop(FlowScript script, TimeSpan phase, Func<ScriptVehicle, RouteCount[]> countsOf)
    {
        _period = script.Period.Ticks;
        var items = new List<(Item Item, bool IsCarried)>();
        for (var i = 0; i < script.Vehicles.Length; i++)
        {
            var vehicle = script.Vehicles[i];
            var enters = Modulo(vehicle.Enters.Ticks - phase.Ticks);
            var counts = countsOf(vehicle);
            for (var c = 0; c < counts.Length; c++)
            {
                var (carried, offset) = Math.DivRem(counts[c].AtExit ? enters + vehicle.Stay.Ticks : enters, _period);
                items.Add((new Item(offset, i, c), carried > 0));
            }
        }

        // The sort is stable, but instants may be equal: the number of the vehicle decides, whatever the phase.
        var sorted = items.OrderBy(i => i.Item.Offset).ThenBy(i => i.Item.Vehicle).ThenBy(i => i.Item.Count).ToList();
        _items = [.. sorted.Select(i => i.Item)];
        _carried = [.. Enumerable.Range(0, sorted.Count).Where(i => sorted[i].IsCarried)];
    }

    /// <summary>One period: when, which vehicle, and which of its counts.</summary>
    public IEnumerable<(long Offset, int Vehicle, int Count)> Period => _items.Select(i => (i.Offset, i.Vehicle, i.Count));

    private int InFirstPeriod => _items.Length - _carried.Length;

    /// <summary>How many counts there are before an instant.</summary>
    public long Before(long ticks)
    {
        var (periods, rest) = Math.DivRem(ticks, _period);
        var position = LowerBound(rest);
        return periods == 0
            ? position - _carried.TakeWhile(c => c < position).Count()
            : InFirstPeriod + ((periods - 1) * _items.Length) + position;
    }

    /// <summary>The count of this number; the first is 0.</summary>
    public (int Vehicle, int Count, long Ticks) At(long number)
    {
        if (number < InFirstPeriod)
        {
            var first = (int)number;
            foreach (var carried in _carried)
            {
                if (carried > first) break;
                first++;
            }

            return (_items[first].Vehicle, _items[first].Count, _items[first].Offset);
        }

        var (periods, position) = Math.DivRem(number - InFirstPeriod, _items.Length);
        var item = _items[(int)position];
        return (item.Vehicle, item.Count, ((periods + 1) * _period) + item.Offset);
    }

    private int LowerBound(long offset)
    {
        var (low, high) = (0, _items.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_items[middle].Offset < offset) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private long Modulo(long ticks) => ((ticks % _period) + _period) % _period;

    private readonly record struct Item(long Offset, int Vehicle, int Count);
}
