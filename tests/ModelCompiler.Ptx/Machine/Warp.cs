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
    private const int Running = 0, Waiting = 1, AtBarrier = 2, Ended = 3;
    private readonly Step[] _steps;
    private readonly int[] _at = new int[Size];
    private readonly byte[] _state = new byte[Size];
    private readonly int[] _active = new int[Size];
    private int _count;

    public Warp(PtxKernel kernel, Group group, int firstThread, int lanes)
    {
        (Group, FirstThread, Lanes, _steps) = (group, firstThread, lanes, kernel.Steps);
        Registers = new ulong[kernel.Registers * Size];
        Local = new byte[kernel.LocalBytes * Size];
        LocalBytes = kernel.LocalBytes;
        Async = new AsyncCopies(this);
        Array.Fill(_state, (byte)Ended, lanes, Size - lanes);
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
    public uint Alive => Mask(static s => s != Ended);

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
            var at = _at[_active[0]];
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

            foreach (var lane in Active)
            {
                if (_state[lane] == Running && at >= limit)
                {
                    _at[lane] = at;
                }
            }
        }
    }

    /// <summary>Whether all threads wait at one barrier, whose place is given; false: all have ended.</summary>
    /// <exception cref="PtxException">Some wait there, others elsewhere or nowhere.</exception>
    public bool IsAtBarrier(ref int place)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            var here = _state[lane] == AtBarrier ? _at[lane] : -1;
            place = place == int.MinValue ? here : place;
            if (here != place)
            {
                throw new PtxException($"thread {FirstThread + lane} {(here < 0 ? "has ended" : $"waits at {_steps[here].Source}, step {here},")} where others {(place < 0 ? "have ended" : $"wait at {_steps[place].Source}, step {place}")}");
            }
        }

        return place >= 0;
    }

    /// <summary>Lets all threads go on behind the barrier.</summary>
    public void Release()
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            _state[lane] = Running;
            _at[lane]++;
        }
    }

    // The running threads at the lowest place, and the next place at which another one stands.
    private bool Pick(out int limit)
    {
        var lowest = int.MaxValue;
        limit = int.MaxValue;
        for (var lane = 0; lane < Lanes; lane++)
        {
            if (_state[lane] != Running)
            {
                continue;
            }

            var at = _at[lane];
            if (at < lowest)
            {
                (limit, lowest) = (lowest, at);
            }
            else if (at > lowest && at < limit)
            {
                limit = at;
            }
        }

        var mask = lowest == int.MaxValue ? Awake(ref limit) : Mask(static s => s == Running, lowest);
        Activate(mask);
        return mask != 0;
    }

    // No thread runs: those that wait for others of the warp go on if the others have ended meanwhile.
    private uint Awake(ref int limit)
    {
        var waiting = Mask(static s => s == Waiting);
        if (waiting == 0)
        {
            return 0;
        }

        var lane = BitOperations.TrailingZeroCount(waiting);
        var step = _steps[_at[lane]];
        Current = step;
        var here = Mask(static s => s == Waiting, _at[lane]);
        var members = step.Members < 0 ? uint.MaxValue : At<uint>(step.Members, lane);
        if ((here & members) != (Alive & members))
        {
            throw new PtxException($"thread {FirstThread + lane} waits for threads of its warp that do not come");
        }

        limit = _at[lane] + 1;
        Park(here & members, Running, _at[lane]);
        return here & members;
    }

    private uint Mask(Func<byte, bool> isOne, int at = -1)
    {
        var mask = 0u;
        for (var lane = 0; lane < Lanes; lane++)
        {
            mask |= isOne(_state[lane]) && (at < 0 || _at[lane] == at) ? 1u << lane : 0;
        }

        return mask;
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
                Park(passing, Running, step.Target);
                break;
            case StepKind.IndexedBranch:
                foreach (var lane in Active)
                {
                    _at[lane] = step.Targets![checked((int)At<uint>(step.Target, lane))];
                    if (_at[lane] != _at[_active[0]])
                    {
                        AssertTogether(step, _active[0], lane);
                    }
                }

                return false;
            case StepKind.Exit:
                Park(passing, Ended, at);
                break;
            case StepKind.Barrier:
                Park(passing, AtBarrier, at);
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
        Park(mask, Running, at);
        return false;
    }

    private void Park(uint mask, int state, int at)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            (_state[lane], _at[lane]) = ((byte)state, at);
        }
    }

    // Threads that do something together wait until all of them are there. Those that have ended are not waited for, but for instructions of whole warps.
    private bool Meet(Step step, uint passing, int at)
    {
        if (passing != ActiveMask)
        {
            throw new PtxException($"threads of a warp do together what a predicate keeps some of them from: {step.Source}");
        }

        Park(passing, Waiting, at);
        var first = _active[0];
        var members = step.Members < 0 ? uint.MaxValue : At<uint>(step.Members, first);
        var here = Mask(static s => s == Waiting, at);
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
