namespace TrafficFlow.Node.ControlClient.Shell;

internal enum LineEvent
{
    /// <summary>The line may have changed.</summary>
    Edited,

    Entered,

    /// <summary>Ctrl-C: what was typed is given up.</summary>
    Cleared,

    /// <summary>Ctrl-D on an empty line.</summary>
    Ended,

    /// <summary>Tab.</summary>
    Complete,

    /// <summary>Ctrl-L.</summary>
    Redraw,
}

/// <summary>One line that is being typed: its text, the cursor in it, and the lines before it. Pure: keys come in, nothing is drawn.</summary>
/// <param name="history">Earlier lines, the oldest first.</param>
internal sealed class LineEditor(IReadOnlyList<string> history)
{
    /// <summary>Longer is no command.</summary>
    private const int Longest = 2_000;

    private int _at = history.Count;
    private string _typed = "";

    public string Text { get; private set; } = "";

    /// <summary>Characters before it.</summary>
    public int Cursor { get; private set; }

    public LineEvent Press(ConsoleKeyInfo key)
    {
        var (control, alt) = ((key.Modifiers & ConsoleModifiers.Control) != 0, (key.Modifiers & ConsoleModifiers.Alt) != 0);
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                return LineEvent.Entered;
            case ConsoleKey.Tab:
                return LineEvent.Complete;
            case ConsoleKey.C when control:
                Set("", 0);
                return LineEvent.Cleared;
            case ConsoleKey.D when control && Text.Length == 0:
                return LineEvent.Ended;
            case ConsoleKey.L when control:
                return LineEvent.Redraw;
            case ConsoleKey.UpArrow:
            case ConsoleKey.P when control:
                Recall(_at - 1);
                break;
            case ConsoleKey.DownArrow:
            case ConsoleKey.N when control:
                Recall(_at + 1);
                break;
            case ConsoleKey.LeftArrow when control || alt:
            case ConsoleKey.B when alt:
                Cursor = WordBefore();
                break;
            case ConsoleKey.RightArrow when control || alt:
            case ConsoleKey.F when alt:
                Cursor = WordAfter();
                break;
            case ConsoleKey.LeftArrow:
            case ConsoleKey.B when control:
                Cursor = Math.Max(0, Cursor - 1);
                break;
            case ConsoleKey.RightArrow:
            case ConsoleKey.F when control:
                Cursor = Math.Min(Text.Length, Cursor + 1);
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when control:
                Cursor = 0;
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when control:
                Cursor = Text.Length;
                break;
            case ConsoleKey.Backspace when control || alt:
            case ConsoleKey.W when control:
                Delete(WordBefore(), Cursor);
                break;
            case ConsoleKey.Backspace:
            case ConsoleKey.H when control:
                Delete(Math.Max(0, Cursor - 1), Cursor);
                break;
            case ConsoleKey.Delete:
            case ConsoleKey.D when control:
                Delete(Cursor, Math.Min(Text.Length, Cursor + 1));
                break;
            case ConsoleKey.U when control:
                Delete(0, Cursor);
                break;
            case ConsoleKey.K when control:
                Delete(Cursor, Text.Length);
                break;
            default:
                if (!control && !alt && !char.IsControl(key.KeyChar)) Insert(key.KeyChar.ToString());
                break;
        }

        return LineEvent.Edited;
    }

    /// <summary>Puts text where the cursor is.</summary>
    public void Insert(string text)
    {
        if (Text.Length + text.Length <= Longest) Set(Text.Insert(Cursor, text), Cursor + text.Length);
    }

    private void Recall(int at)
    {
        if (at < 0 || at > history.Count) return;
        if (_at == history.Count) _typed = Text;
        _at = at;
        var text = at == history.Count ? _typed : history[at];
        Set(text, text.Length);
    }

    private int WordBefore()
    {
        var at = Cursor;
        while (at > 0 && Text[at - 1] == ' ') at--;
        while (at > 0 && Text[at - 1] != ' ') at--;
        return at;
    }

    private int WordAfter()
    {
        var at = Cursor;
        while (at < Text.Length && Text[at] == ' ') at++;
        while (at < Text.Length && Text[at] != ' ') at++;
        return at;
    }

    private void Delete(int from, int to) => Set(Text.Remove(from, to - from), from);

    private void Set(string text, int cursor) => (Text, Cursor) = (text, cursor);
}
