namespace TrafficFlow.Vault.Audit;

/// <summary>
/// Finds and locates what was done to an audit. Pure. What is signed (heads, checkpoints) says what the record that it names must be, and each record what the one before it must
/// be: so the genuine records are found from the end to the beginning, and then the lines are walked in the order in which they stand. What is at its place, what is missing there, and what
/// stands there instead, is the finding.
/// </summary>
internal sealed class AuditVerifier
{
    private readonly List<AuditFinding> _findings = [];
    private readonly List<string> _notes = [];
    private readonly List<ChainLine> _lines = [];
    private readonly Dictionary<long, (Digest Hash, string Source)> _signed = [];
    private readonly HashSet<string> _keys = [];
    private int _signedCount;
    private long _deletedThrough;
    private long _head;
    private bool _hasHead;
    private (long Number, Digest Hash) _pending;

    /// <param name="logs">In the order in which they were written.</param>
    /// <param name="statements">Files of heads and checkpoints, of all places.</param>
    /// <param name="keys">Whose signature counts.</param>
    public static AuditReport Verify(IEnumerable<AuditPart> logs, IEnumerable<AuditPart> statements, AuditPublicKeys keys)
    {
        var verifier = new AuditVerifier();
        foreach (var part in statements) verifier.ReadStatements(part, keys);
        foreach (var part in logs) verifier._lines.AddRange(ChainLine.Of(part));
        return verifier.Compare();
    }

    private void ReadStatements(AuditPart part, AuditPublicKeys keys)
    {
        var content = part.Read();
        for (int from = 0, number = 1; from < content.Length; number++)
        {
            var length = content.AsSpan(from).IndexOf((byte)'\n');
            var isCut = length < 0;
            if (isCut) length = content.Length - from;
            var statement = AuditStatement.Read(content.AsSpan(from, length).TrimEnd((byte)' '), keys, out var problem);
            from += length + 1;
            if (statement is null)
            {
                // A crash may have cut it; what it said is said by the head, too.
                if (isCut) _notes.Add($"{part.Name} ends within line {number}");
                else _findings.Add(new AuditFinding(AuditFault.BadStatement, null, null, part.Name, number, problem));
                continue;
            }

            Add(statement, $"{part.Name}, line {number}");
        }
    }

    private void Add(AuditStatement statement, string source)
    {
        if (Digest.Parse(statement.Hash) is not { } hash) return;
        _signedCount++;
        _keys.Add(statement.Key);
        if (statement.Kind == StatementKind.Pending)
        {
            if (statement.Number > _pending.Number) _pending = (statement.Number, hash);
            return;
        }

        _hasHead |= statement.Kind == StatementKind.Head;
        if (statement.Kind == StatementKind.Deleted) _deletedThrough = Math.Max(_deletedThrough, statement.Number);
        _head = Math.Max(_head, statement.Number);
        if (_signed.TryGetValue(statement.Number, out var other) && other.Hash != hash)
            _findings.Add(new AuditFinding(AuditFault.Rewritten, statement.Number, statement.Number, "", 0, $"two signed statements differ about it ({other.Source}; {source}): the record went on from an older state, as of a restored backup"));
        else _signed[statement.Number] = (hash, source);
    }

    private AuditReport Compare()
    {
        if (!_hasHead && _pending.Number != 1) _findings.Add(new AuditFinding(AuditFault.NoHead, null, null, "", 0, "there is no signed head: that records are missing at the end can be excluded only up to the last checkpoint"));
        var byNumber = _lines.Select((line, at) => (line, at)).Where(l => l.line.Hash is not null).ToLookup(l => l.line.Number!.Value, l => l.at);
        var last = LastOf(byNumber);
        var first = _deletedThrough + 1;
        var genuine = GenuineOf(byNumber, ref first, last);
        var numbers = new Dictionary<int, long>(genuine.Count);
        foreach (var (number, at) in genuine) numbers[at] = number;
        Walk(numbers, genuine, first, last);
        return new AuditReport(
            [.. _findings.OrderBy(f => f.Record ?? long.MaxValue)], _notes, genuine.Count, first, last, _signedCount, [.. _keys.Order(StringComparer.Ordinal)]);
    }

    /// <summary>A batch was being written when the process died: what stands behind the head may be of it.</summary>
    private bool IsOpen => _pending.Number > _head;

    /// <summary>The head, or what was being written behind it before a crash, if all of that is there.</summary>
    private long LastOf(ILookup<long, int> byNumber)
    {
        var last = _head;
        if (last == 0)
        {
            // Nobody has signed how far they go: not further than there are lines.
            var lowest = byNumber.Select(n => n.Key).DefaultIfEmpty(0).Min();
            return byNumber.Select(n => n.Key).Where(n => n < lowest + _lines.Count).DefaultIfEmpty(0).Max();
        }

        if (!IsOpen) return last;
        var hash = _signed[last].Hash;
        while (last < _pending.Number && byNumber[last + 1].Cast<int?>().FirstOrDefault(at => _lines[at!.Value].Before == hash) is { } next) (last, hash) = (last + 1, _lines[next].Hash!.Value);
        return (last, hash) == _pending ? last : _head;
    }

    /// <returns>The line of each genuine record.</returns>
    private SortedDictionary<long, int> GenuineOf(ILookup<long, int> byNumber, ref long first, long last)
    {
        var genuine = new SortedDictionary<long, int>();
        Digest? expected = null;
        for (var number = last; number > 0; number--)
        {
            if (_signed.TryGetValue(number, out var signed))
            {
                if (expected is { } told && told != signed.Hash)
                    _findings.Add(new AuditFinding(AuditFault.Rewritten, number, number, "", 0, $"the record behind it names another hash than {signed.Source}: all between that statement and the one before it may have been written anew"));
                expected = signed.Hash;
            }

            var candidates = byNumber[number].ToList();
            var at = expected is { } hash ? Nearest(candidates.Where(c => _lines[c].Hash == hash).ToList(), number) : Linked(candidates, byNumber[number - 1], number);
            // What was deleted may still be there, in a file of which younger records are left or after a crash.
            if (number < first && at < 0) break;
            if (number < first) first = number;
            if (at >= 0) genuine[number] = at;
            expected = at >= 0 ? _lines[at].Before : null;
        }

        return genuine;
    }

    /// <summary>Of copies of one line, that which stands where it belongs.</summary>
    private int Nearest(List<int> copies, long number) => copies.Count <= 1
        ? copies.DefaultIfEmpty(-1).Single()
        : copies.MaxBy(c => (c > 0 && _lines[c - 1].Number == number - 1 ? 1 : 0) + (c + 1 < _lines.Count && _lines[c + 1].Number == number + 1 ? 1 : 0));

    /// <summary>Nobody says which it must be: that which goes on from a record before it.</summary>
    private int Linked(List<int> candidates, IEnumerable<int> before, long number)
    {
        var hashes = before.Select(b => _lines[b].Hash).ToHashSet();
        var linked = candidates.Where(c => hashes.Contains(_lines[c].Before)).ToList();
        return Nearest(linked.Count > 0 ? linked : candidates, number);
    }

    private void Walk(Dictionary<int, long> numbers, SortedDictionary<long, int> genuine, long first, long last)
    {
        var moved = MovedIn(numbers);
        var present = first - 1;
        var foreign = new List<ChainLine>();
        ChainLine? before = null;
        for (var at = 0; at < _lines.Count; at++)
        {
            var line = _lines[at];
            if (!numbers.TryGetValue(at, out var number))
            {
                foreign.Add(line);
            }
            else if (moved.Contains(at))
            {
                _findings.Add(new AuditFinding(AuditFault.Moved, number, number, line.File, line.Line, "it stands at the place of another one"));
            }
            else
            {
                Settle(MissingOf(genuine, present + 1, number - 1), foreign, before, isEnd: false);
                (present, before) = (number, line);
                foreign.Clear();
            }
        }

        Settle(MissingOf(genuine, present + 1, last), foreign, before, isEnd: true);
    }

    /// <summary>What stands between two records that are at their place, or behind the last one, and what is missing there.</summary>
    private void Settle(List<long> missing, List<ChainLine> foreign, ChainLine? before, bool isEnd)
    {
        var left = foreign.ToList();
        var gone = new List<long>();
        // By the number that a line claims, and else by their order.
        foreach (var number in missing.ToList())
        {
            if (left.FirstOrDefault(l => l.Number == number) is not { } line) continue;
            Alter(number, line);
            left.Remove(line);
            missing.Remove(number);
        }

        foreach (var number in missing)
        {
            if (left.FirstOrDefault() is { } line)
            {
                Alter(number, line);
                left.RemoveAt(0);
            }
            else
            {
                gone.Add(number);
            }
        }

        for (var i = 0; i < gone.Count;)
        {
            var from = i;
            while (++i < gone.Count && gone[i] == gone[i - 1] + 1)
            {
            }

            var place = before is null ? "" : $" after line {before.Line} of {before.File}";
            var (fault, what) = isEnd && i == gone.Count ? (AuditFault.Truncated, $"missing at the end{place}: the record was cut off or rolled back") : (AuditFault.Dropped, $"missing{place}");
            _findings.Add(new AuditFinding(fault, gone[from], gone[i - 1], before?.File ?? "", 0, what));
        }

        foreach (var line in left)
        {
            if (isEnd && IsOpen) _notes.Add($"{line.File}, line {line.Line}: of records that were being written when the node died; its next start says so in a record");
            else _findings.Add(new AuditFinding(AuditFault.Inserted, line.Number, line.Number, line.File, line.Line, line.Hash is null ? $"a line that was not written ({line.Problem})" : "a line that was not written, or a copy"));
        }
    }

    private void Alter(long number, ChainLine line) => _findings.Add(new AuditFinding(
        AuditFault.Altered, number, number, line.File, line.Line, line.Hash is null ? $"altered: {line.Problem}" : "altered and given a new hash, which the record behind it or a signed statement does not know"));

    private static List<long> MissingOf(SortedDictionary<long, int> genuine, long from, long through)
    {
        var missing = new List<long>();
        for (var number = from; number <= through; number++)
        {
            if (!genuine.ContainsKey(number)) missing.Add(number);
        }

        return missing;
    }

    /// <summary>The lines of genuine records that are out of order: as few as explain it. Two that changed places are both.</summary>
    private static HashSet<int> MovedIn(Dictionary<int, long> numbers)
    {
        var places = numbers.Keys.Order().ToList();
        var order = places.Select(p => numbers[p]).ToList();
        var sorted = order.Order().ToList();
        var displaced = Enumerable.Range(0, order.Count).Where(i => order[i] != sorted[i]).ToList();
        if (displaced.Count == 0) return [];
        var kept = LongestRising(order);
        return displaced.Count == 2 ? [.. displaced.Select(i => places[i])] : [.. Enumerable.Range(0, order.Count).Where(i => !kept.Contains(i)).Select(i => places[i])];
    }

    /// <returns>Indices of a longest rising subsequence.</returns>
    private static HashSet<int> LongestRising(List<long> values)
    {
        var ends = new List<int>();
        var previous = new int[values.Count];
        for (var i = 0; i < values.Count; i++)
        {
            var (low, high) = (0, ends.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (values[ends[middle]] < values[i]) low = middle + 1;
                else high = middle;
            }

            previous[i] = low > 0 ? ends[low - 1] : -1;
            if (low == ends.Count) ends.Add(i);
            else ends[low] = i;
        }

        var kept = new HashSet<int>();
        for (var i = ends.Count > 0 ? ends[^1] : -1; i >= 0; i = previous[i]) kept.Add(i);
        return kept;
    }
}
