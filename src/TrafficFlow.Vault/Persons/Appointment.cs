using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Persons;

public static class Duties
{
    /// <summary>The role of an account that goes with it.</summary>
    public static Role RoleOf(Duty duty) => duty == Duty.Custodian ? Role.Custodian : Role.Operator;
}

/// <summary>The end of an appointment.</summary>
/// <param name="Effective">From when on; it may come.</param>
/// <param name="TookEffectAt">When the account lost what it had; null while that is still to come. Once set it stays, whatever the clock says later.</param>
public sealed record Dismissal(DateTimeOffset Effective, string Reason, RegisterAuthor By, DateTimeOffset EnteredAt, DateTimeOffset? TookEffectAt = null);

/// <summary>That a person has a duty.</summary>
/// <param name="Id">a1, a2 …</param>
/// <param name="Person">The name as notices show it.</param>
/// <param name="Account">Of the node; null for somebody without one.</param>
/// <param name="Dismissal">Null while none is entered.</param>
public sealed record Appointment(string Id, string Person, string? Account, Duty Duty, DateTimeOffset From, RegisterAuthor By, DateTimeOffset EnteredAt, Dismissal? Dismissal = null)
{
    public AppointmentState State(DateTimeOffset now) =>
        Dismissal is { TookEffectAt: not null } ? AppointmentState.Dismissed
        : Dismissal is { } coming ? (coming.Effective <= now ? AppointmentState.DismissalHeld : now < From ? AppointmentState.Coming : AppointmentState.Leaving)
        : now < From ? AppointmentState.Coming : AppointmentState.InForce;

    /// <summary>Has the duty now.</summary>
    public bool IsInForce(DateTimeOffset now) => State(now) is AppointmentState.InForce or AppointmentState.Leaving;
}

/// <summary>Somebody who has a duty now.</summary>
/// <param name="IsCustodian">Custodian, be it beside another duty.</param>
public sealed record AppointedPerson(string Name, bool IsCustodian);

public enum AppointmentState
{
    Coming,
    InForce,

    /// <summary>In force, and to be dismissed on a day that comes.</summary>
    Leaving,

    /// <summary>Its day has come, and it has not been carried out: the next look does it, or says why not.</summary>
    DismissalHeld,
    Dismissed,
}
