namespace TrafficFlow.Analysis.Optimisation;

/// <summary>Which two values the variables of a binary quadratic model take; the names are dimod's.</summary>
public enum Vartype
{
    /// <summary>-1 and +1: an Ising model.</summary>
    Spin,

    /// <summary>0 and 1: a QUBO.</summary>
    Binary,
}

public static class Vartypes
{
    /// <summary>As dimod writes it.</summary>
    public static string NameOf(this Vartype vartype) => vartype == Vartype.Spin ? "SPIN" : "BINARY";

    /// <returns>Null for anything else than dimod's two names.</returns>
    public static Vartype? Parse(string name) => name switch { "SPIN" => Vartype.Spin, "BINARY" => Vartype.Binary, _ => null };

    /// <summary>The value of a variable that is not set: -1 or 0.</summary>
    public static sbyte Low(this Vartype vartype) => vartype == Vartype.Spin ? (sbyte)-1 : (sbyte)0;
}
