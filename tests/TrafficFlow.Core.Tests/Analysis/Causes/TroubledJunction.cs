using TrafficFlow.Analysis.Causes;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Troubles;

namespace TrafficFlow.Core.Tests.Analysis.Causes;

/// <summary>What is wrong with the cameras of a run.</summary>
internal enum CameraFault
{
    None = 0,
    Blind = 1,
    Blinded = 2,
    Moved = 3,
}

/// <summary>
/// A simulated junction with one trouble, or none: plan, demand, drivers, where, when and how badly, all by the seed alone. Without its trouble each runs well below
/// capacity.
/// </summary>
/// <param name="Kind">Null for a junction that runs freely.</param>
/// <param name="Seconds">How long it is watched.</param>
/// <param name="Span">When the trouble is there.</param>
/// <param name="Approach">Where it is.</param>
internal sealed record TroubledJunction(CauseKind? Kind, JunctionSettings Settings, double Seconds, TroubleSpan Span, ApproachId Approach, CameraFault Fault)
{
    /// <summary>Of one lane in a second of green, in this simulation: kerb lanes with left turns, and turn lanes.</summary>
    private const double KerbPerGreen = 0.37;
    private const double TurnPerGreen = 0.35;

    /// <summary>It lasts from before the begin to after the end: there is no time without it to compare.</summary>
    public bool IsAllDay => Span.FromSeconds < 0;

    public static TroubledJunction Draw(CauseKind? kind, int seed)
    {
        var random = new Random(unchecked((seed * 977) + (kind is { } k ? (int)k + 1 : 0)));
        var draft = new Draft(random, seed);
        switch (kind)
        {
            case CauseKind.GreenTooShort: draft.ShortenGreen(); break;
            case CauseKind.CycleTooLong: draft.LengthenCycle(); break;
            case CauseKind.BadOffset: draft.ArriveOnRed(); break;
            case CauseKind.SpillBack: draft.FillExit(); break;
            case CauseKind.BlockedLane: draft.BlockLane(); break;
            case CauseKind.RightTurnOverflow: draft.OverflowRight(); break;
            case CauseKind.ShortTurnLane: draft.ShortenTurnLane(); break;
            case CauseKind.HeavyShare: draft.SendLorries(); break;
            case CauseKind.DemandSurge: draft.Surge(); break;
            case CauseKind.Incident: draft.StandAcross(); break;
            case CauseKind.Weather: draft.Rain(); break;
            case CauseKind.PedestrianPhase: draft.SendPeople(); break;
            case CauseKind.CameraTrouble: draft.Fault = (CameraFault)random.Next(1, 4); break;
            default: draft.RunFreely(); break;
        }

        return draft.Finish(kind);
    }

    private sealed class Draft
    {
        private readonly Random _random;
        private readonly int _seed;
        private readonly int _arm;
        private readonly double[] _load = new double[4];
        private readonly double[] _rightLoad = new double[4];
        private readonly double[] _left = new double[4];
        private readonly List<(double From, double Ahead0, double Right0, double Ahead1, double Right1)> _plans = [];
        private readonly double[] _surge = [1, 1, 1, 1];
        private double _seconds = 8100;
        private readonly double _red;
        private TroubleSpan _span;
        private JunctionTroubles _troubles = JunctionTroubles.None;
        private ClassMix _mix = ClassMix.Urban;
        private bool _isPermissive;
        private double? _rightPerHour;

        public Draft(Random random, int seed)
        {
            (_random, _seed, _arm) = (random, seed, random.Next(4));
            var from = Between(2400, 3300);
            _span = new TroubleSpan(from, from + Between(1500, 2700));
            _red = 1 + random.Next(3);
            var cycle = Math.Round(Between(80, 120));
            var (right0, right1) = (Math.Round(Between(8, 12)), Math.Round(Between(8, 12)));
            var left = cycle - (4 * (3 + _red)) - right0 - right1;
            var first = Math.Round(left * Between(0.42, 0.58));
            _plans.Add((0, first, right0, left - first, right1));
            for (var arm = 0; arm < 4; arm++) (_load[arm], _rightLoad[arm], _left[arm]) = (Between(0.35, 0.55), Between(0.2, 0.4), Between(0.1, 0.25));
            Walking = Between(60, 200);
        }

        public CameraFault Fault { get; set; }

        private double Walking { get; }

        private ApproachId Approach => JunctionLayout.Approaches[_arm];

        private int Opposite => (_arm + 2) & 3;

        public void RunFreely()
        {
            _seconds = 3600;
            for (var arm = 0; arm < 4; arm++) _load[arm] = Between(0.3, 0.65);
            if (_random.Next(2) == 0) _troubles = _troubles with { TurnLanes = [new TurnLane(Approach, Between(45, 90))] };
        }

        public void ShortenGreen()
        {
            AllDay(0.4);
            var right = _random.NextDouble() < 0.3;
            var over = Between(1.15, 1.45);
            var (from, ahead0, right0, ahead1, right1) = _plans[0];
            _load[Opposite] = Between(0.3, 0.45);
            if (right)
            {
                // A longer arrow before, so that enough turn for a queue to grow.
                if ((_arm & 1) == 0) right0 += 6;
                else right1 += 6;
                _plans[0] = (from, ahead0, right0, ahead1, right1);
                (_rightLoad[_arm], _rightLoad[Opposite]) = (Between(0.7, 0.85), Between(0.2, 0.35));
                var cut = Math.Max(5, Math.Round(((_arm & 1) == 0 ? right0 : right1) * _rightLoad[_arm] / (over + 0.25)));
                Change((_arm & 1) == 0 ? (ahead0 + right0 - cut, cut, ahead1, right1) : (ahead0, right0, ahead1 + right1 - cut, cut));
                return;
            }

            _load[_arm] = Between(0.6, 0.75);
            var green = Math.Round(((_arm & 1) == 0 ? ahead0 : ahead1) * _load[_arm] / over);
            Change((_arm & 1) == 0 ? (green, right0, ahead1 + ahead0 - green, right1) : (ahead0 + ahead1 - green, right0, green, right1));
        }

        public void LengthenCycle()
        {
            AllDay(0.4);
            for (var arm = 0; arm < 4; arm++) (_load[arm], _rightLoad[arm]) = (Between(0.3, 0.5), Between(0.25, 0.45));
            var (_, ahead0, right0, ahead1, right1) = _plans[0];
            var green = Between(185, 235) - (4 * (3 + _red));
            var factor = green / (ahead0 + right0 + ahead1 + right1);
            Change((Math.Round(ahead0 * factor), Math.Round(right0 * factor), Math.Round(ahead1 * factor), Math.Round(right1 * factor)));
        }

        public void ArriveOnRed()
        {
            AllDay(0.4);
            _load[_arm] = Between(0.5, 0.65);
            var (cycle, begin, green) = Green(0);
            var share = Between(0.85, 0.95);
            var length = Math.Min(cycle * Between(0.32, 0.4), cycle - green - 10);
            var good = begin + 3;
            var bad = begin + green + Between(1, 7);
            _troubles = _troubles with
            {
                Upstream =
                [
                    new(Approach, new(-1000, _span.FromSeconds), cycle, Between(0, 1) < 0.7 ? good : begin + Between(0, cycle), cycle * 0.4, share),
                    new(Approach, _span, cycle, bad, length, share),
                    new(Approach, new(_span.ToSeconds, 100_000), cycle, good, cycle * 0.4, share),
                ],
            };
        }

        public void FillExit()
        {
            for (var arm = 0; arm < 4; arm++) _load[arm] = Between(0.45, 0.65);
            _load[_arm] = Between(0.55, 0.7);
            var exit = JunctionLayout.Approaches[Opposite];
            // Through from here and left from the arm whose left turn ends there share the kerb lane of the exit.
            var beside = (Opposite + 3) & 3;
            var lane = (AheadPerHour(_arm) * (1 - _left[_arm])) + (AheadPerHour(beside) * _left[beside]);
            var cycle = Between(80, 120);
            var open = cycle * Between(0.55, 0.8) * lane / 3600 / 0.4;
            _troubles = _troubles with { Downstream = [new(exit, _span, Between(25, 60), cycle, open) { EnterAnyway = Between(0.1, 0.4) }] };
        }

        public void BlockLane()
        {
            (_load[_arm], _rightLoad[_arm]) = (Between(0.7, 0.8), Between(0.4, 0.6));
            _troubles = _troubles with { Standing = [new(Approach, false, Between(6, 25), _span.FromSeconds, Between(1200, 2700))] };
        }

        public void OverflowRight()
        {
            AllDay(0.4);
            _isPermissive = true;
            var (from, ahead0, right0, ahead1, right1) = _plans[0];
            _plans[0] = (from, ahead0 + right0 + 3 + _red, 0, ahead1 + right1 + 3 + _red, 0);
            (_load[_arm], _load[Opposite]) = (Between(0.4, 0.5), Between(0.5, 0.62));
            for (var arm = 0; arm < 4; arm++) _rightLoad[arm] = 0.25;
            _rightPerHour = Between(170, 230);
            _troubles = _troubles with { TurnLanes = [new(Approach, Between(25, 45))] };
        }

        public void ShortenTurnLane()
        {
            AllDay(0.5);
            var (from, ahead0, right0, ahead1, right1) = _plans[0];
            _plans[0] = (_arm & 1) == 0 ? (from, ahead0 + 2, right0 + 7, ahead1, right1) : (from, ahead0, right0, ahead1 + 2, right1 + 7);
            (_load[_arm], _rightLoad[_arm]) = (Between(0.6, 0.75), 0.15);
            var (cycle, _, _) = Green(0);
            _rightPerHour = Between(0.6, 0.75) * TurnPerGreen * 3600 * (_plans[0] is var p ? ((_arm & 1) == 0 ? p.Right0 : p.Right1) + 1 : 0) / cycle;
            _troubles = _troubles with { TurnLanes = [new(Approach, Between(7, 14))] };
        }

        public void SendLorries()
        {
            AllDay(0.2);
            var arms = _random.Next(3) switch { 0 => new[] { _arm }, 1 => [_arm, Opposite], _ => [0, 1, 2, 3] };
            foreach (var arm in arms) _load[arm] = Between(0.66, 0.74);
            var heavy = Between(0.5, 0.7);
            var mix = new ClassMix(0.85 * (1 - heavy), 0.12 * (1 - heavy), 0.9 * heavy, 0.1 * heavy, 0.03 * (1 - heavy));
            var laden = Between(0.5, 0.65);
            _troubles = _troubles with { Traffic = [.. arms.Select(a => new OtherTraffic(JunctionLayout.Approaches[a], _span) { Mix = mix, HeavyAcceleration = laden })] };
        }

        public void Surge()
        {
            _load[_arm] = Between(0.5, 0.65);
            var arms = _random.Next(3) switch { 0 => new[] { _arm }, 1 => [_arm, Opposite], _ => [0, 1, 2, 3] };
            foreach (var arm in arms) _surge[arm] = Between(1.2, 1.5) / _load[arm];
        }

        public void StandAcross()
        {
            _load[_arm] = Between(0.6, 0.7);
            _troubles = _troubles with { Standing = [new(Approach, false, Between(8, 60), _span.FromSeconds, Between(300, 720)) { IsAcross = true }] };
        }

        public void Rain()
        {
            for (var arm = 0; arm < 4; arm++) _load[arm] = Between(0.58, 0.68);
            _troubles = _troubles with { Weather = [new(_span, Between(0.6, 0.72), Between(1.4, 1.65), Between(0.6, 0.72))] };
        }

        public void SendPeople()
        {
            AllDay(0.4);
            (_load[_arm], _left[_arm]) = (Between(0.6, 0.7), Between(0.28, 0.38));
            _troubles = _troubles with { People = [new(_span.FromSeconds, Between(2000, 3200)), new(_span.ToSeconds, Walking)] };
        }

        public TroubledJunction Finish(CauseKind? kind)
        {
            var demands = JunctionLayout.Approaches.Select((_, arm) => Demand(arm)).ToArray();
            if (_rightPerHour is { } right)
            {
                var ahead = AheadPerHour(_arm);
                var share = right / (right + ahead);
                // The same numbers go ahead; those who turn come on top.
                _surge[_arm] = (right + ahead) / demands[_arm].VehiclesPerHour;
                demands[_arm] = Demand(_arm);
                _troubles = _troubles with { Traffic = [.. _troubles.Traffic, new(Approach, _span) { LeftShare = _left[_arm] * (1 - share), RightShare = share }] };
            }

            var settings = JunctionSettings.Default with
            {
                Seed = _seed,
                Programme = new SignalProgramme([.. _plans.Select((p, i) => new PlanPeriod(p.From, Plan(i))).Skip(_span.FromSeconds < 0 ? _plans.Count - 1 : 0)]),
                StartUpSeconds = Between(0.6, 1.4),
                DesiredSpeedKmh = Between(40, 50),
                Mix = _mix,
                North = demands[0],
                East = demands[1],
                South = demands[2],
                West = demands[3],
                Street = StreetSettings.Empty with { PedestriansPerHour = Walking, CrossOnRed = 0 },
                Troubles = _troubles,
            };
            return new TroubledJunction(kind, settings, _seconds, _span, Approach, Fault);
        }

        private void AllDay(double probability)
        {
            if (_random.NextDouble() < probability) _span = new TroubleSpan(-2000, _seconds + 2000);
        }

        /// <summary>From the begin of the trouble to its end other greens; all day, only they.</summary>
        private void Change((double Ahead0, double Right0, double Ahead1, double Right1) greens)
        {
            var usual = _plans[0];
            var other = (_span.FromSeconds, greens.Ahead0, greens.Right0, greens.Ahead1, greens.Right1);
            // Demands are those of the usual plan, which stays first.
            _plans.Add(other);
            if (_span.ToSeconds < _seconds) _plans.Add((_span.ToSeconds, usual.Ahead0, usual.Right0, usual.Ahead1, usual.Right1));
        }

        private (double Cycle, double Begin, double Green) Green(int plan)
        {
            var p = _plans[plan];
            var lost = 3 + _red;
            var stages = _isPermissive ? 2 : 4;
            var second = _isPermissive ? p.Ahead0 + lost : p.Ahead0 + p.Right0 + (2 * lost);
            return (p.Ahead0 + p.Right0 + p.Ahead1 + p.Right1 + (stages * lost), (_arm & 1) == 0 ? 0 : second, (_arm & 1) == 0 ? p.Ahead0 : p.Ahead1);
        }

        private TimingPlan Plan(int index)
        {
            var p = _plans[index];
            string[] ns = [JunctionPlans.Ahead(JunctionLayout.North), JunctionPlans.Ahead(JunctionLayout.South)];
            string[] ew = [JunctionPlans.Ahead(JunctionLayout.East), JunctionPlans.Ahead(JunctionLayout.West)];
            string[] nsRight = [JunctionPlans.Right(JunctionLayout.North), JunctionPlans.Right(JunctionLayout.South)];
            string[] ewRight = [JunctionPlans.Right(JunctionLayout.East), JunctionPlans.Right(JunctionLayout.West)];
            return _isPermissive
                ? JunctionPlans.Of($"plan {index + 1}", 0, new("ns", [.. ns, .. nsRight], p.Ahead0, 3, _red), new("ew", [.. ew, .. ewRight], p.Ahead1, 3, _red))
                : JunctionPlans.Of(
                    $"plan {index + 1}", 0, new("ns", [.. ns], p.Ahead0, 3, _red), new("ns right", [.. nsRight], p.Right0, 3, _red), new("ew", [.. ew], p.Ahead1, 3, _red), new("ew right", [.. ewRight], p.Right1, 3, _red));
        }

        private double AheadPerHour(int arm)
        {
            var p = _plans[0];
            return _load[arm] * KerbPerGreen * 3600 * (((arm & 1) == 0 ? p.Ahead0 : p.Ahead1) + 1) / Green(0).Cycle;
        }

        private ApproachDemand Demand(int arm)
        {
            var p = _plans[0];
            var ahead = AheadPerHour(arm);
            var green = (arm & 1) == 0 ? p.Right0 : p.Right1;
            // Where right turns give way a few of them find gaps.
            var right = _isPermissive ? Between(20, 40) : _rightLoad[arm] * TurnPerGreen * 3600 * (green + 1) / Green(0).Cycle;
            var all = ahead + right;
            var steps = new List<DemandStep>();
            for (var from = 900.0; from < _seconds; from += 900)
            {
                var surge = _span.Contains(from) ? _surge[arm] : 1;
                steps.Add(new DemandStep(from, all * surge * Between(0.93, 1.07)));
                if (_span.FromSeconds > from && _span.FromSeconds < from + 900) steps.Add(new DemandStep(_span.FromSeconds, all * _surge[arm] * Between(0.95, 1.05)));
                if (_span.ToSeconds > from && _span.ToSeconds < from + 900) steps.Add(new DemandStep(_span.ToSeconds, all * Between(0.93, 1.07)));
            }

            return new ApproachDemand(all * (_span.FromSeconds < 0 ? _surge[arm] : 1), ahead * _left[arm] / all, right / all) { Steps = steps };
        }

        private double Between(double low, double high) => low + ((high - low) * _random.NextDouble());
    }
}
