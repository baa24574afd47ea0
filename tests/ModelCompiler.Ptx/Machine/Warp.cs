using System.Numerics;
using System.Runtime.CompilerServices;
using ModelCompiler.Ptx.Decoding;

namespace ModelCompiler.Ptx.Machine;

/// <summary>
/// As many as 32 threads of a group, each with a program counter of its own. Those that are furthest back go first, all that stand at one place together,
/// until every one of them has ended or waits at a barrier. A branch that is marked as uniform, and at which they part, is an error.
/// </summary>
internal sealed class Warp
{
    public const int Size = 32;
    private readonly Step[] _steps;
    private readonly Lanes _lanes;
    private readonly int[] _active = new int[Size];
    private int _count;

    public Warp(PtxKernel kernel, Group group, int firstThread, int lanes)
    {
        (Group, FirstThread, Lanes, _steps, _lanes) = (group, firstThread, lanes, kernel.Steps, new Lanes(lanes));
        Registers = new ulong[kernel.Registers * Size];
        Local = new byte[kernel.LocalBytes * Size];
        LocalBytes = kernel.LocalBytes;
        Async = new AsyncCopies(this);
        kernel.Fill(this);
    }

    public Group Group { get; }

    /// <summary>Number of the first thread in its group.</summary>
    public int FirstThread { get; }

    /// <summary>Threads of the warp, 1 to 32.</summary>
    public int Lanes { get; }

    /// <summary>[registers, 32].</summary>
    public ulong[] Registers { get; }

    /// <summary>[32, bytes of a thread].</summary>
    public byte[] Local { get; }

    public int LocalBytes { get; }

    public AsyncCopies Async { get; }

    /// <summary>The lanes that execute the instruction together.</summary>
    public ReadOnlySpan<int> Active => _active.AsSpan(0, _count);

    public uint ActiveMask { get; private set; }

    /// <summary>Threads that have not ended.</summary>
    public uint Alive => _lanes.Alive;

    public Step Current { get; private set; } = null!;

    /// <summary>A thread's value of a register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At<T>(int register, int lane)
        where T : unmanaged => ref Unsafe.As<ulong, T>(ref Registers[(register * Size) + lane]);

    /// <summary>Runs all threads up to a barrier or their end.</summary>
    public void Run()
    {
        while (Pick(out var limit))
        {
            var at = _lanes.PlaceOf(_active[0]);
            while (at < limit)
            {
                var step = _steps[at];
                Current = step;
                Group.Count(_count);
                if (step.Kind != StepKind.Plain)
                {
                    if (!Control(step, ref at, limit == int.MaxValue))
                    {
                        break;
                    }
                }
                else
                {
                    if (step.Guard < 0)
                    {
                        step.Run!(this);
                    }
                    else
                    {
                        Guarded(step);
                    }

                    at++;
                }
            }

            if (at >= limit)
            {
                _lanes.Leave(Active, at);
            }
        }
    }

    /// <summary>Whether all threads wait at one barrier, whose place is given; false: all have ended.</summary>
    /// <exception cref="PtxException">Some wait there, others elsewhere or nowhere.</exception>
    public bool IsAtBarrier(ref int place)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            var here = _lanes.BarrierOf(lane);
            place = place == int.MinValue ? here : place;
            if (here != place)
            {
                throw new PtxException($"thread {FirstThread + lane} {(here < 0 ? "has ended" : $"waits at {_steps[here].Source}, step {here},")} where others {(place < 0 ? "have ended" : $"wait at {_steps[place].Source}, step {place}")}");
            }
        }

        return place >= 0;
    }

    /// <summary>Lets all threads go on behind the barrier.</summary>
    public void Release() => _lanes.Release();

    // The running threads at the lowest place, and the next place at which another one stands.
    private bool Pick(out int limit)
    {
        var mask = _lanes.Lowest(out limit);
        Activate(mask != 0 ? mask : Awake(ref limit));
        return ActiveMask != 0;
    }

    // No thread runs: those that wait for others of the warp go on if the others have ended meanwhile.
    private uint Awake(ref int limit)
    {
        var waiting = _lanes.Waiting;
        if (waiting == 0)
        {
            return 0;
        }

        var lane = BitOperations.TrailingZeroCount(waiting);
        var place = _lanes.PlaceOf(lane);
        var step = _steps[place];
        Current = step;
        var here = _lanes.WaitingAt(place);
        var members = step.Members < 0 ? uint.MaxValue : At<uint>(step.Members, lane);
        if ((here & members) != (Alive & members))
        {
            throw new PtxException($"thread {FirstThread + lane} waits for threads of its warp that do not come");
        }

        limit = place + 1;
        _lanes.Put(here & members, LaneState.Running, place);
        return here & members;
    }

    private void Activate(uint mask)
    {
        ActiveMask = mask;
        _count = 0;
        for (; mask != 0; mask &= mask - 1)
        {
            _active[_count++] = BitOperations.TrailingZeroCount(mask);
        }
    }

    private uint Passing(Step step)
    {
        if (step.Guard < 0)
        {
            return ActiveMask;
        }

        var mask = 0u;
        foreach (var lane in Active)
        {
            mask |= (Registers[(step.Guard * Size) + lane] != 0) != step.IsNegated ? 1u << lane : 0;
        }

        return mask;
    }

    private void Guarded(Step step)
    {
        var all = ActiveMask;
        var mask = Passing(step);
        if (mask != 0)
        {
            Activate(mask);
            step.Run!(this);
            Activate(all);
        }
    }

    // True: the same threads go on at the place.
    private bool Control(Step step, ref int at, bool isAlone)
    {
        var passing = Passing(step);
        if (passing == 0)
        {
            at++;
            return true;
        }

        switch (step.Kind)
        {
            case StepKind.Branch when passing == ActiveMask:
                // Backwards other threads may stand in between.
                var passes = isAlone || step.Target > at;
                at = step.Target;
                return passes || Go(at);
            case StepKind.Branch:
                AssertTogether(step, BitOperations.TrailingZeroCount(passing), BitOperations.TrailingZeroCount(ActiveMask & ~passing));
                _lanes.Put(passing, LaneState.Running, step.Target);
                break;
            case StepKind.IndexedBranch:
                foreach (var lane in Active)
                {
                    _lanes.Put(1u << lane, LaneState.Running, step.Targets![checked((int)At<uint>(step.Target, lane))]);
                    if (_lanes.PlaceOf(lane) != _lanes.PlaceOf(_active[0]))
                    {
                        AssertTogether(step, _active[0], lane);
                    }
                }

                return false;
            case StepKind.Exit:
                _lanes.Put(passing, LaneState.Ended, at);
                break;
            case StepKind.Barrier:
                _lanes.Put(passing, LaneState.AtBarrier, at);
                break;
            default:
                return Meet(step, passing, at);
        }

        return Go(ActiveMask & ~passing, at + 1);
    }

    // PTX leaves open what a branch with this mark does when the threads that execute it go different ways.
    private void AssertTogether(Step step, int lane, int other)
    {
        if (step.Source.Has("uni"))
        {
            throw new PtxException($"threads {FirstThread + lane} and {FirstThread + other} part at {step.Source}, which says that all go one way");
        }
    }

    private bool Go(int at) => Go(ActiveMask, at);

    private bool Go(uint mask, int at)
    {
        _lanes.Put(mask, LaneState.Running, at);
        return false;
    }

    // Threads that do something together wait until all of them are there. Those that have ended are not waited for, but for instructions of whole warps.
    private bool Meet(Step step, uint passing, int at)
    {
        if (passing != ActiveMask)
        {
            throw new PtxException($"threads of a warp do together what a predicate keeps some of them from: {step.Source}");
        }

        _lanes.Put(passing, LaneState.Waiting, at);
        var first = _active[0];
        var members = step.Members < 0 ? uint.MaxValue : At<uint>(step.Members, first);
        var here = _lanes.WaitingAt(at);
        if (step.Members < 0 && Alive != uint.MaxValue)
        {
            throw new PtxException($"{step.Source} is for warps of 32 threads, of which {BitOperations.PopCount(Alive)} are there");
        }

        if ((members >> first & 1) == 0)
        {
            throw new PtxException($"thread {FirstThread + first} is not in the mask {members:X8} of {step.Source}");
        }

        if ((here & members) != (Alive & members))
        {
            return false;
        }

        Activate(here & members);
        foreach (var lane in Active)
        {
            if (step.Members >= 0 && At<uint>(step.Members, lane) != members)
            {
                throw new PtxException($"threads {FirstThread + first} and {FirstThread + lane} have other masks at {step.Source}");
            }
        }

        step.Run!(this);
        return Go(at + 1);
    }
}
